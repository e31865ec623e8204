/**
 * What a container's programs do when they are executed, as an ops.testing State says it: by the words that a command
 * begins with, the longest that fit.
 * Source: ops-scenario state.py (Exec), mocking.py (_find_exec_handler).
 * Not modelled: ops-scenario's exit code 127 for a command that nothing fits; Pebble finds no such executable.
 */
import type { JsonObject } from '../model/json.ts';
import type { Container, ExecRule } from '../world/pebble/slice.ts';
import type { ScenarioContainer } from './scenario-json.ts';

function words({ command_prefix: prefix }: JsonObject): readonly string[] {
  return Array.isArray(prefix) ? prefix.map(String) : [];
}

function ruleOf(exec: JsonObject): ExecRule {
  return {
    command: words(exec),
    exit: Number(exec['return_code'] ?? 0),
    stdout: String(exec['stdout'] ?? ''),
    stderr: String(exec['stderr'] ?? ''),
  };
}

export function execsIn({ execs }: ScenarioContainer): Pick<Container, 'execs'> {
  if (execs.length === 0) return {};
  const longest = execs.toSorted((a, b) => words(b).length - words(a).length);
  return { execs: longest.map(ruleOf) };
}

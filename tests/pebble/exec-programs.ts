/** The programs that the recorder executed, as functions: no shell, only what these scripts print. */
import type { Given, Printed, ProgramRule } from '../../src/engine/world/pebble/exec-rules.ts';
import type { ExecRule } from '../../src/engine/world/pebble/slice.ts';

type Program = (given: Given) => Printed;

function program(
  command: readonly string[],
  runs: Program,
  more: Partial<ProgramRule> = {},
): ProgramRule {
  return { command, reads: false, runs, ...more };
}

function script(text: string, runs: Program, more: Partial<ProgramRule> = {}): ProgramRule {
  return program(['sh', '-c', text], runs, more);
}

function sleep(seconds: number): ProgramRule {
  return program(['sleep', String(seconds)], () => ({}), { takes: seconds * 1000 });
}

const OUT_AND_ERR = { stdout: 'out\n', stderr: 'err\n' };
const NEVER = 1e12;

function variable({ environment }: Given, name: string): string {
  return environment[name] ?? '';
}

/** A line of the input, and what is left of it. */
function lineOf({ stdin }: Given): readonly [string, Uint8Array] {
  const at = stdin.indexOf(10);
  return [new TextDecoder().decode(stdin.subarray(0, at)), stdin.subarray(at + 1)];
}

const SCRIPTS: readonly ProgramRule[] = [
  script('echo "$A|$B|$LANG"', (given) => ({
    stdout: `${['A', 'B', 'LANG'].map((name) => variable(given, name)).join('|')}\n`,
  })),
  script('echo "$LANG|$HOME|$USER"', (given) => ({
    stdout: `${['LANG', 'HOME', 'USER'].map((name) => variable(given, name)).join('|')}\n`,
  })),
  script('echo ${EMPTY-unset} ${EMPTY:-empty}', ({ environment }) => ({
    stdout: `${[environment['EMPTY'] ?? 'unset', environment['EMPTY'] || 'empty'].join(' ').trim()}\n`,
  })),
  script('echo hello; echo world', () => ({ stdout: 'hello\nworld\n' })),
  script('echo hi', () => ({ stdout: 'hi\n' })),
  script('echo out; exit 3', () => ({ stdout: 'out\n', exit: 3 })),
  script('echo out; echo err >&2', () => OUT_AND_ERR),
  script('echo out; echo err >&2; exit 1', () => ({ ...OUT_AND_ERR, exit: 1 })),
  script('echo out; echo err >&2; exit 7', () => ({ ...OUT_AND_ERR, exit: 7 })),
  script('echo before; exec sleep 100', () => ({ stdout: 'before\n' }), { takes: 100_000 }),
  script('echo $A; pwd', (given) => ({ stdout: `${variable(given, 'A')}\n${given.workingDir}\n` })),
  script('echo $A $B', (given) => ({
    stdout: `${variable(given, 'A')} ${variable(given, 'B')}\n`,
  })),
  script(
    'read x; echo "got $x"; cat >&2',
    (given) => {
      const [line, rest] = lineOf(given);
      return { stdout: `got ${line}\n`, stderr: rest };
    },
    { reads: true },
  ),
  script(
    'trap "echo caught; exit 5" HUP; echo ready; while :; do sleep 0.05; done',
    () => ({ stdout: 'ready\n' }),
    { takes: NEVER, signals: { SIGHUP: { stdout: 'caught\n', exit: 5 } } },
  ),
];

export const PROGRAMS: readonly ExecRule[] = [
  program(['true'], () => ({})),
  program(['false'], () => ({ exit: 1 })),
  program(['cat'], ({ stdin }) => ({ stdout: stdin }), { reads: true }),
  program(['pwd'], ({ workingDir }) => ({ stdout: `${workingDir}\n` })),
  program(['echo'], ({ command }) => ({ stdout: `${command.slice(1).join(' ')}\n` })),
  program(['printf'], ({ command }) => ({ stdout: command[1] ?? '' })),
  sleep(2),
  sleep(10),
  sleep(100),
  ...SCRIPTS,
];

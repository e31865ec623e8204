/**
 * Programs that a tree gives rules for: which there are, and what one does that is called.
 * The same rules as in a container (world/pebble/exec-rules.ts). A rule for a name makes it a program on PATH, before
 * any other of that name, unless it speaks of some of its arguments only and the machine has the program.
 */
import type { ProgramCallRule, RuledOutput } from '../../model/exec-rule.ts';
import type { RootChange } from '../../model/request.ts';
import { needPaths, startDaemon } from './daemons.ts';
import { file, inputOf, look, reply, type Program } from './program.ts';
import type { MachineSlice } from './slice.ts';

function fits({ command: wanted }: ProgramCallRule, command: readonly string[]): boolean {
  if ('like' in wanted) return new RegExp(wanted.like, 'u').test(command.join(' '));
  return wanted.every((word, index) => word === command[index]);
}

/** The first rule that fits, or null. */
export function ruleFor(
  rules: readonly ProgramCallRule[],
  command: readonly string[],
): ProgramCallRule | null {
  return rules.find((rule) => fits(rule, command)) ?? null;
}

export function outputOf(rule: ProgramCallRule, stdin: string): RuledOutput {
  const found = Object.entries(rule.stdin ?? {}).find(([part]) => stdin.includes(part));
  return found ? found[1] : rule;
}

/** Names of programs that rules speak of: what must be on PATH for them to be asked. */
export function ruledNames({ execs = [] }: MachineSlice): readonly string[] {
  const names = execs.flatMap(({ command }) => ('like' in command ? [] : (command[0] ?? [])));
  return [...new Set(names.map((name) => name.slice(name.lastIndexOf('/') + 1)))].filter(
    (name) => name !== '',
  );
}

/** What becomes of the files that a rule names. */
export function changesOf(files: RuledOutput['files'] = {}): Record<string, RootChange> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text === null ? { kind: 'removed' } : file(text),
    ]),
  );
}

/** What a rule makes of a call, or null when none fits. Time passes as long as the program takes. */
export function ruled(rules: readonly ProgramCallRule[]): Program | null {
  return rules.length === 0
    ? null
    : (draw, request) => {
        const rule = ruleFor(rules, request.argv);
        if (!rule) return { kind: 'unsupported', what: request.argv[0] ?? '' };
        const paths = [...(rule.stdin ? ['/dev/stdin'] : []), ...needPaths(rule)];
        const first = paths.length > 0 ? look(request, paths) : null;
        if (first) return first;
        const until = draw.asked + (rule.takes ?? 0);
        if (draw.now < until) return { kind: 'wait', until };
        const { exit = 0, stdout = '', stderr = '', files } = outputOf(rule, inputOf(request));
        const daemon = exit === 0 && rule.starts ? startDaemon(draw, request, rule.starts) : {};
        if (typeof daemon === 'string') return reply(1, '', daemon);
        return reply(exit, stdout, stderr, { ...changesOf(files), ...daemon });
      };
}

/**
 * Which programs a container has and what one does that is executed, by the rules that an author wrote.
 * Source: pebble internals/daemon/api_exec.go (exec.LookPath of the command); Go os/exec LookPath.
 * Not modelled: what programs of the image do; one that is there and has no rule is refused by name.
 */
import { lookup } from '../../files/path.ts';
import type { Container, ExecOutput, ExecRule } from './slice.ts';
import { textIn } from './exec-bytes.ts';

export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a program is given. */
export type Given = {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly stdin: Uint8Array;
};
/** What a program prints may be no text. */
export type Printed = Omit<ExecOutput, 'stdout' | 'stderr'> & {
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
};
/** A rule whose program is a function. It is no data: no tree can say it. */
export type ProgramRule = ExecRule & {
  readonly reads: boolean;
  readonly runs: (given: Given) => Printed;
};

function isProgram(rule: ExecRule): rule is ProgramRule {
  return 'runs' in rule;
}

function fits({ command: wanted }: ExecRule, command: readonly string[]): boolean {
  if ('like' in wanted) return new RegExp(wanted.like, 'u').test(command.join(' '));
  return wanted.every((word, index) => word === command[index]);
}

/** The first rule that fits, or null. */
export function ruleFor(container: Container, command: readonly string[]): ExecRule | null {
  return container.execs?.find((rule) => fits(rule, command)) ?? null;
}

function isFileToRun(container: Container, path: string): boolean {
  const entry = lookup(container.root, path);
  return entry?.kind === 'file' && (entry.mode & 0o111) !== 0;
}

/** Whether there is such a program: as a file that may be run, or because a rule speaks of it. */
export function isExecutable(container: Container, name: string): boolean {
  if (name === '') return false;
  const ruled = container.execs?.some(({ command }) => !('like' in command) && command[0] === name);
  if (ruled) return true;
  if (name.includes('/')) return isFileToRun(container, name);
  return PATH.split(':').some((dir) => isFileToRun(container, `${dir}/${name}`));
}

/** Whether what a program does depends on its input. */
export function readsInput(rule: ExecRule): boolean {
  return isProgram(rule) ? rule.reads : rule.stdin !== undefined;
}

export function outputOf(rule: ExecRule, given: Given): Printed {
  if (isProgram(rule)) return rule.runs(given);
  const text = textIn(given.stdin) ?? '';
  const found = Object.entries(rule.stdin ?? {}).find(([part]) => text.includes(part));
  return found ? found[1] : rule;
}

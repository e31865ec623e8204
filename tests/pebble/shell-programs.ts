/**
 * How the few shell commands that recorded services have behave, as programs: here no command is run.
 */
import { lookup } from '../../src/engine/files/path.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { namesOf, text } from '../../src/engine/world/pebble/plan.ts';
import { splitWords } from '../../src/engine/world/pebble/shlex.ts';
import type { Container, Program, Reaction } from '../../src/engine/world/pebble/slice.ts';
import { containerOf, type Server } from './server.ts';

type Said = {
  output: string;
  after: number;
  exits?: number;
  ends: boolean;
  signals: Record<string, Reaction>;
};

/** Seconds as milliseconds, without what binary fractions make of them. */
function millis(seconds = ''): number {
  return Math.round(Number(seconds) * 1000);
}

function trap(said: Said, action: string, signal: string): void {
  const [, word = '', file = ''] = /^echo (\S+) >> (\S+)$/.exec(action) ?? [];
  if (action !== '' && file === '') throw new Error(`no such trap: ${action}`);
  said.signals[`SIG${signal}`] = file === '' ? {} : { files: { [file]: `${word}\n` } };
}

/** One command of a script. Whether the rest of the script is still to come. */
function step(said: Said, command: string, root: Dir): boolean {
  const tested = /^test -f (\S+) && (.*)$/.exec(command);
  if (tested)
    return lookup(root, tested[1]!)?.kind === 'file' ? step(said, tested[2]!, root) : true;
  const words = splitWords(command);
  if (typeof words === 'string') throw new Error(words);
  const [name, ...args] = words;
  switch (name) {
    case 'true':
      return true;
    case 'false':
      said.exits = 1;
      return true;
    case 'echo':
      if (said.after > 0) throw new Error('a program prints only when it starts');
      said.output += `${args.filter((word) => !word.startsWith('>&')).join(' ')}\n`;
      return true;
    case 'sleep':
      said.after += millis(args[0]);
      return true;
    case 'exec':
      return step(said, args.join(' '), root) && false;
    case 'exit':
      said.exits = Number(args[0]);
      return false;
    case 'trap':
      trap(said, args[0] ?? '', args[1] ?? '');
      return true;
    case 'while':
      said.ends = false;
      return false;
    default:
      throw new Error(`no such command: ${command}`);
  }
}

/** The commands of a script, split where no quotes are. */
function commands(script: string): readonly string[] {
  return [...script.matchAll(/(?:'[^']*'|[^;'])+/g)].map(([command]) => command.trim());
}

/** The program of a service's command, or null of one that nobody has ever seen end. */
export function programFor(command: string, root: Dir): Program | null {
  const words = splitWords(command);
  const [name = '', option, script] = typeof words === 'string' ? [] : words;
  const said: Said = { output: '', after: 0, ends: true, signals: {} };
  if (name === 'sh' && option === '-c' && script !== undefined) {
    for (const one of commands(script)) if (!step(said, one, root)) break;
  } else if (['true', 'false', 'echo', 'sleep'].includes(name)) step(said, command, root);
  else return null;
  const { output, after, signals, exits = 0, ends } = said;
  return { output, after, slow: 0, signals, ...(ends ? { exits } : {}) };
}

function programsOf(container: Container): Container['programs'] {
  const { services } = planOfContainer(container);
  const programs = namesOf(services).flatMap((name) => {
    const program = programFor(text(services[name]!, 'command'), container.root);
    return program ? [[name, program] as const] : [];
  });
  return Object.fromEntries(programs);
}

/** Lets the services of a plan behave as their commands would, from their next start on. */
export function withPrograms(server: Server): void {
  const container = containerOf(server);
  const containers = Object.entries(server.slice.containers).map(([name, one]) => [
    name,
    one === container ? { ...container, programs: programsOf(container) } : one,
  ]);
  server.slice = { containers: Object.fromEntries(containers) as Server['slice']['containers'] };
}

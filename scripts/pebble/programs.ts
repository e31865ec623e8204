/**
 * What the services of a plan do and what is executed, as rules for the simulated Pebble: made of the commands
 * themselves, acted out (shell-run.ts) over the files that the container has at that moment.
 * Not modelled: what a service prints later than when it starts.
 */
import { lookup } from '../../src/engine/files/path.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import { bytesOf, lettersOf } from '../../src/engine/world/pebble/exec-bytes.ts';
import type { Given, Printed, ProgramRule } from '../../src/engine/world/pebble/exec-rules.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { namesOf, object, text, type Entry } from '../../src/engine/world/pebble/plan.ts';
import { splitWords } from '../../src/engine/world/pebble/shlex.ts';
import type {
  Container,
  ExecOutput,
  ExecRule,
  Program,
  Reaction,
} from '../../src/engine/world/pebble/slice.ts';
import { ON_PATH } from './shell-programs.ts';
import { actOut, actTrap, type Acted, type Around, type Files } from './shell-run.ts';
import { NotSimulated } from './shell-syntax.ts';

/** Longer than anybody waits: 30 years. */
const FOR_EVER = 1e12;

const letters = (text: string): string => lettersOf(new TextEncoder().encode(text));
const textOf = (bytes: string): string => new TextDecoder().decode(bytesOf(bytes));

function filesOf({ root }: Pick<Container, 'root'>, blobs: Blobs): Files {
  return (path) => {
    const entry = lookup(root, path);
    if (!entry) return null;
    const held = entry.kind === 'file' ? lettersOf(blobs.get(entry.digest)) : '';
    return { kind: entry.kind, text: held };
  };
}

function writtenText(acted: Acted): Readonly<Record<string, string>> {
  return Object.fromEntries([...acted.written].map(([path, held]) => [path, textOf(held)]));
}

/** Nothing where the command is beyond what can be acted out. */
function orNull<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotSimulated) return null;
    throw error;
  }
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  make: (one: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, make(one)]));
}

function reactionOf(script: string, around: Around): Reaction {
  const acted = actTrap(script, around);
  return {
    output: textOf(acted.output),
    files: writtenText(acted),
    ...(acted.exit === null ? {} : { exits: acted.exit }),
  };
}

function programOf(command: readonly string[], around: Around): Program {
  const acted = actOut(command, around);
  return {
    output: textOf(acted.output),
    after: acted.takes,
    slow: 0,
    signals: mapped(acted.traps, (script) => reactionOf(script, around)),
    ...(acted.exit === null ? {} : { exits: acted.exit }),
  };
}

/** The words that are run: arguments that may be replaced stand between brackets. */
function commandOf(service: Entry): readonly string[] {
  const words = splitWords(text(service, 'command'));
  return typeof words === 'string' ? [] : words.filter((word) => word !== '[' && word !== ']');
}

function surroundings(service: Entry, files: Files): Around {
  const environment = mapped(object(service, 'environment') ?? {}, String);
  return {
    environment: mapped(environment, letters),
    workingDir: text(service, 'working-dir') || '/',
    stdin: '',
    files,
  };
}

/** How the services of its plan behave now. */
function programsOf(container: Container, blobs: Blobs): Container['programs'] {
  const { services } = planOfContainer(container);
  const files = filesOf(container, blobs);
  const programs = namesOf(services).flatMap((name) => {
    const service = services[name] as Entry;
    const command = commandOf(service).map(letters);
    const program = orNull(() => programOf(command, surroundings(service, files)));
    return program ? [[name, program] as const] : [];
  });
  return Object.fromEntries(programs);
}

type Acting = { readonly command: readonly string[]; readonly files: Files };

function around({ environment, workingDir, stdin }: Given, files: Files): Around {
  return { environment: mapped(environment, letters), workingDir, stdin: lettersOf(stdin), files };
}

function runs({ files }: Acting, given: Given): Printed {
  const acted = actOut(given.command.map(letters), around(given, files));
  return {
    exit: acted.exit ?? 0,
    stdout: bytesOf(acted.stdout),
    stderr: bytesOf(acted.stderr),
    files: writtenText(acted),
  };
}

function outputOf(script: string, given: Around): ExecOutput {
  const { stdout, stderr, exit, written } = actTrap(script, given);
  const files = mapped(Object.fromEntries(written), textOf);
  const printed = { stdout: textOf(stdout), stderr: textOf(stderr), files };
  return exit === null ? printed : { ...printed, exit };
}

/** The rule for one command, which is what comes of it without any input. */
function ruleOf(acting: Acting): ProgramRule {
  const nothing = { environment: {}, workingDir: '/', stdin: '', files: acting.files };
  const { reads, takes, exit, traps } = actOut(acting.command.map(letters), nothing);
  return {
    command: acting.command,
    reads,
    runs: (given) => runs(acting, given),
    takes: exit === null ? FOR_EVER : takes,
    signals: mapped(traps, (script) => outputOf(script, nothing)),
  };
}

/** A name that is there to be found, without saying what comes of it. */
const PRESENT: readonly ExecRule[] = ON_PATH.map((name) => ({ command: [name, '\0'] }));

function execsOf(command: readonly string[], files: Files): readonly ExecRule[] {
  const rule = ON_PATH.includes(command[0] ?? '') && orNull(() => ruleOf({ command, files }));
  return rule ? [rule, ...PRESENT] : PRESENT;
}

/** The container in which services and `command` do what they would do now. */
export function withPrograms(
  container: Container,
  { command, blobs }: { readonly command: readonly string[]; readonly blobs: Blobs },
): Container {
  const execs = execsOf(command, filesOf(container, blobs));
  return { ...container, programs: programsOf(container, blobs), execs };
}

/** What a command would come to, for checks that run one; null where it cannot be acted out. */
export function exitOf(command: string, container: Container, blobs: Blobs): number | null {
  const words = splitWords(command);
  if (typeof words === 'string') return null;
  const files = filesOf(container, blobs);
  const nothing = { environment: {}, workingDir: '/', stdin: '', files };
  return orNull(() => actOut(words.map(letters), nothing).exit);
}

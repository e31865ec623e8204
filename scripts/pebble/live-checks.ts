/**
 * Checks that run a command, performed in the sandbox of their container.
 * Source: pebble internals/overlord/checkstate/checkers.go (execChecker), internals/reaper (WaitCommand).
 */
import type { ContainerSandbox, ProgramEnd } from '../../src/engine/dispatch/container-sandbox.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import { delayOf } from '../../src/engine/world/pebble/check-finding.ts';
import { environmentOf, inContext } from '../../src/engine/world/pebble/exec-context.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { object, text, type Entry } from '../../src/engine/world/pebble/plan.ts';
import { splitWords } from '../../src/engine/world/pebble/shlex.ts';
import { diedOf } from '../../src/engine/world/pebble/signal-numbers.ts';
import type { CheckFinding, Container } from '../../src/engine/world/pebble/slice.ts';
import { ids, usersOf } from '../../src/engine/world/pebble/users.ts';
import { detailed } from './findings.ts';

/** How much of its output is told. */
const OUTPUT_BYTES = 512;

type Around = { readonly container: Container; readonly blobs: Blobs };

function numberIn(entry: Entry, field: string): number | null {
  const value = entry[field];
  return typeof value === 'number' ? value : null;
}

/** How the command is started, or why it cannot be. */
function programOf(exec: Entry, { container, blobs }: Around) {
  const argv = splitWords(text(exec, 'command'));
  if (typeof argv === 'string') return `cannot parse command: ${argv}`;
  const asked = {
    environment: (object(exec, 'environment') ?? {}) as Record<string, string>,
    wanted: {
      user: text(exec, 'user'),
      'user-id': numberIn(exec, 'user-id'),
      group: text(exec, 'group'),
      'group-id': numberIn(exec, 'group-id'),
    },
    workingDir: text(exec, 'working-dir'),
  };
  const { services } = planOfContainer(container);
  const context = inContext(asked, text(exec, 'service-context'), services) ?? asked;
  const who = ids(usersOf(container.root, blobs), context.wanted);
  if (typeof who === 'string') return who;
  const env = environmentOf(context.environment, who, container.root, blobs);
  return { argv, env, cwd: context.workingDir || '/', ...who };
}

function errorOf(end: ProgramEnd, name: string): string | null {
  if ('failed' in end) return `fork/exec ${name}: ${end.failed}`;
  const code = 'code' in end ? end.code : diedOf(end.signal);
  return code === 0 ? null : `exit status ${code}`;
}

export async function commandFinding(
  sandbox: ContainerSandbox,
  check: Entry,
  around: Around,
): Promise<CheckFinding> {
  const started = programOf(object(check, 'exec') ?? {}, around);
  if (typeof started === 'string') return { found: 'down', error: started };
  let output = Buffer.alloc(0);
  const program = sandbox.start({ ...started, stdin: false, stderr: 'joined' }, (bytes) => {
    output = Buffer.concat([output, bytes]).subarray(-OUTPUT_BYTES);
  });
  const late = setTimeout(() => program.signal('SIGKILL'), delayOf({ found: 'slow' }, check));
  const end = await program.exited;
  clearTimeout(late);
  const error = errorOf(end, started.argv[0] ?? '');
  return error === null
    ? { found: 'up' }
    : { found: 'down', error: detailed(error, output.toString('utf8')) };
}

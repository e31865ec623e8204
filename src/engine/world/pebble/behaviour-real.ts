/**
 * Services whose command is really run when it is started: one that ends soon has ended at that moment of the trace;
 * one that comes to rest keeps running from then on, as far as anybody is told, with what it has written and printed
 * by then, though no process of it lives any more.
 * Source: pebble internals/overlord/servstate/handlers.go (startInternal), internals/plan/plan.go (ParseCommand).
 * Not modelled: what it would do later: nothing answers on its ports, and a signal finds what the tree says of it;
 * one that never comes to rest counts as running, and what it did is dropped, as it is another each time; a user of
 * its own inside; standard error apart.
 */
import type { Draft } from 'immer';
import type { Brought, Ran, RunErrand } from '../../model/errand.ts';
import { clearTimers, exitsBy, liveService, moveTo, print, type Live } from './behaviour-life.ts';
import { environmentOf, inContext } from './exec-context.ts';
import { layChanges } from './exec-files.ts';
import { unstarted } from './exec-real.ts';
import type { At } from './exec-run.ts';
import { entryOf, text, type Entry } from './plan.ts';
import { splitWords } from './shlex.ts';
import { diedOf } from './signal-numbers.ts';
import type { Container, ServiceState } from './slice.ts';
import { failStart, run } from './tasks.ts';
import { ids, nameOf, usersOf, type Wanted } from './users.ts';

const NOBODY_ASKED: Wanted = { user: '', 'user-id': null, group: '', 'group-id': null };
const ROOT_OWNER = { user: 'root', group: 'root' };

/** The words of a service's command, its default arguments without their brackets. */
function wordsOf(entry: Entry): readonly string[] {
  const words = splitWords(text(entry, 'command'));
  if (typeof words === 'string') throw new Error(`a plan was taken with a command: ${words}`);
  return words.filter((word) => word !== '[' && word !== ']');
}

function runErrand(
  name: string,
  { container, at: { at: now, blobs } }: { container: Container; at: At },
  [service, state]: [string, ServiceState],
): RunErrand {
  const entry = state.running as Entry;
  const { root } = container;
  const bare = { environment: {}, wanted: NOBODY_ASKED, workingDir: '' };
  const context = inContext(bare, service, { [service]: entry }) ?? bare;
  const known = usersOf(root, blobs);
  const found = ids(known, context.wanted);
  const who = typeof found === 'string' ? null : found;
  return {
    kind: 'run',
    container: name,
    id: `service ${service}`,
    argv: wordsOf(entry),
    environment: environmentOf(context.environment, who, root, blobs),
    cwd: context.workingDir || '/',
    stdin: { bytes: new Uint8Array(), ended: true },
    split: false,
    until: 'rest',
    root,
    owner: who
      ? { user: nameOf(known.users, who.user), group: nameOf(known.groups, who.group) }
      : ROOT_OWNER,
    now,
  };
}

/** The service whose command is to be run next, or null. */
export function serviceErrand(name: string, container: Container, at: At): RunErrand | null {
  const wanted = Object.keys(container.services)
    .sort()
    .find((service) => container.services[service]?.life?.real === 'wanted');
  if (wanted === undefined) return null;
  return runErrand(name, { container, at }, [wanted, container.services[wanted]!]);
}

/** Nothing was started: what waits for it fails, and the service is as it was left. */
function refuse(container: Draft<Container>, name: string, error: string, at: number): void {
  const service = liveService(container, name) as Live;
  const starts = service.life.phase === 'starting';
  clearTimers(service, ['okay', 'reset']);
  moveTo(service, starts ? 'stopped' : 'backoff', at);
  const last = container.history.findLastIndex((event) => event.service === name);
  if (last >= 0) container.history.splice(last, 1);
  if (starts) failStart({ container, name, at }, `cannot start service: ${error}`);
}

function exitOf(ran: Ran): number | null {
  if ('code' in ran) return ran.code;
  return 'signal' in ran ? diedOf(ran.signal) : null;
}

/** Takes what came of a service's command. Answers what is not simulated of it, by name. */
export function serviceBrought(
  container: Draft<Container>,
  id: string,
  { ran, stdout, stderr, changes }: Extract<Brought, { kind: 'ran' }>,
  { at }: At,
): string | null {
  const name = id.slice('service '.length);
  const service = liveService(container, name);
  if (!service) throw new Error(`no service ${name} was to be run`);
  delete service.life.real;
  layChanges(container, changes);
  const printed = `${new TextDecoder().decode(stdout)}${new TextDecoder().decode(stderr)}`;
  print(service, { container, name, at }, printed, true);
  const exit = exitOf(ran);
  if (exit !== null) exitsBy(service, at, exit);
  if ('failed' in ran) {
    const program = wordsOf(entryOf({ [name]: service.running as Entry }, name) ?? {})[0] ?? '';
    refuse(container, name, unstarted(program, ran), at);
  }
  run(container, at);
  return 'going' in ran && !ran.going.rest
    ? `pebble service ${name} with run: real, which ${ran.going.why}`
    : null;
}

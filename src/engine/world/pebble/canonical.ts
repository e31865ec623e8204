/**
 * Containers by meaning: which process of Pebble it is, when things happened and what number they
 * were given is none, nor is the image, which stays as it is. Changes that have ended are left out:
 * what came of them is in the services and their history. Those under way keep their order.
 */
import type { Dir, Entry } from '../../files/tree.ts';
import { timelessHistory } from './history.ts';
import { timelessLog, withoutStamps } from './log-text.ts';
import { canonicalChecks, canonicalFindings } from './check-canonical.ts';
import { withoutBase } from './image.ts';
import type { Container, PebbleChange, PebbleSlice, ServiceState } from './slice.ts';

const timeless = new WeakMap<Dir, Dir>();

function withoutTimes(dir: Dir): Dir {
  const known = timeless.get(dir);
  if (known) return known;
  const entries = Object.entries(dir.entries).map(([name, entry]): [string, Entry] => [
    name,
    entry.kind === 'dir' ? withoutTimes(entry) : { ...entry, modified: 0 },
  ]);
  const made: Dir = { ...dir, modified: 0, entries: Object.fromEntries(entries) };
  timeless.set(dir, made);
  return made;
}

function canonicalChanges(container: Container): Container['changes'] {
  const tasks = new Map<string, string>();
  const renumbered = (id: string): string => {
    const known = tasks.get(id) ?? String(tasks.size + 1);
    tasks.set(id, known);
    return known;
  };
  const unready = Object.values(container.changes)
    .filter(({ ready, check }) => ready === null && check === undefined)
    .sort((a, b) => Number(a.id) - Number(b.id));
  const changes = unready.map((change, index): [string, PebbleChange] => {
    const made = change.tasks.map((task) => ({
      ...task,
      id: renumbered(task.id),
      waits: task.waits.map(renumbered),
      log: task.log.map((line) => withoutStamps(line.replace(/^\S+ /, ''))),
      until: task.until === null ? null : 0,
      spawned: 0,
      ready: task.ready === null ? null : 0,
    }));
    return [String(index + 1), { ...change, id: String(index + 1), tasks: made, spawned: 0 }];
  });
  return Object.fromEntries(changes);
}

/** Notices of changes are left out, as changes are. */
function canonicalNotices({ notices }: Container): Container['notices'] {
  const kept = Object.entries(notices)
    .filter(([, { type }]) => type !== 'change-update')
    .sort(([a], [b]) => Number(a) - Number(b));
  const times = { firstOccurred: 0, lastOccurred: 0, lastRepeated: 0 };
  return Object.fromEntries(
    kept.map(([, notice], index) => [String(index + 1), { ...notice, ...times }]),
  );
}

/** How often it was started is none of its meaning, nor is what will come of it by itself: its program says that. */
function canonicalService({ life, ...service }: ServiceState): ServiceState {
  const since = service.since === null ? null : 0;
  if (!life) return { ...service, since };
  const timeless = { timers: [], starts: 0, log: timelessLog(life.log) };
  return { ...service, since, life: { ...life, ...timeless } };
}

/** Programs under way are told by their changes. */
function canonicalExecuted({ executed }: Container): Pick<Container, 'executed'> {
  return executed ? { executed: executed.map((one) => ({ ...one, task: '' })) } : {};
}

/** What the image's folder brought is told by its digest. */
function canonicalContainer(whole: Container): Container {
  const container = withoutBase(whole, { times: false });
  const services = Object.entries(container.services).map(
    ([name, service]): [string, ServiceState] => [name, canonicalService(service)],
  );
  const { image: _image, checkFindings: _findings, executions: _underWay, ...own } = container;
  return {
    ...own,
    bootId: '',
    services: Object.fromEntries(services),
    history: timelessHistory(container.history),
    changes: canonicalChanges(container),
    nextChange: 0,
    nextTask: 0,
    notices: canonicalNotices(container),
    nextNotice: 0,
    checks: canonicalChecks(container),
    ...canonicalFindings(container),
    ...canonicalExecuted(container),
    root: withoutTimes(container.root),
  };
}

/** The slice in the form in which two are equal when they mean the same. */
export function canonical(slice: PebbleSlice): PebbleSlice {
  const containers = Object.entries(slice.containers).map(([name, container]) => [
    name,
    canonicalContainer(container),
  ]);
  return { ...slice, containers: Object.fromEntries(containers) as PebbleSlice['containers'] };
}

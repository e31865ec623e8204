/**
 * storage-list, storage-get and storage-add. What storage-add asks for is buffered and lands on exit 0.
 * Source: juju jujuc/storage-*.go, context.go (StorageTags, Storage), state/storage.go, apiserver storagecommon.
 * Juju lists every attachment that the controller has for the unit: those whose attached hook is still to come too,
 * until the end of the detaching hook. Not modelled: the numbers that Juju gives file systems and volumes (the
 * instance's own stand in), the controller's words of 4.0 for a count it refuses.
 */
import type { Draft } from 'immer';
import type { Charm } from '../../model/charm.ts';
import type { Event } from '../../model/event.ts';
import type { Problem } from '../../model/outcome.ts';
import type { Reply } from '../../model/request.ts';
import { isReply, ok, quoted, refuse, unrecognised } from './arguments.ts';
import { unitName, type HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { JujuSlice, Storage } from './slice.ts';
import { storageCount } from '../../model/storage-count.ts';
import { storageCounts } from './storage-directive.ts';
import { isJuju4 } from './version.ts';

const STORAGE_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*\/(?:0|[1-9][0-9]*)$/;

function nameOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

/** The attachment is known, and what is attached is there: before that Juju can tell nothing of it. */
export function attachStorage(slice: Draft<JujuSlice>, id: string): void {
  const storage = slice.storages[id];
  if (storage) storage.attached = true;
  const left = (slice.requestedStorages[nameOf(id)] ?? 0) - 1;
  if (left > 0) slice.requestedStorages[nameOf(id)] = left;
  else delete slice.requestedStorages[nameOf(id)];
}

export const storageList: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen }, parsed) {
    const [name, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    const ids = Object.keys(seen.storages).sort(byNameAndNumber);
    return formatted(
      ids.filter((id) => !name || nameOf(id) === name),
      parsed,
    );
  },
};

function byNameAndNumber(a: string, b: string): number {
  if (nameOf(a) !== nameOf(b)) return nameOf(a) < nameOf(b) ? -1 : 1;
  return Number(a.slice(a.indexOf('/') + 1)) - Number(b.slice(b.indexOf('/') + 1));
}

/** Why nothing can be told of the storage, in the controller's words; null when it can. */
function storageTrouble(slice: JujuSlice, id: string): string | null {
  const storage = slice.storages[id];
  const unit = unitName(slice);
  if (!storage) {
    return isJuju4(slice)
      ? `storage instance not found for ${quoted(id)} ${quoted(unit)}`
      : `storage attachment ${id}:${unit} not found`;
  }
  if (storage.attached) return null;
  return isJuju4(slice) ? unready(storage, id, unit) : unprovisioned(slice, storage, id);
}

function unready({ kind }: Storage, id: string, unit: string): string {
  const attachment = `storage attachment "storage-${id.replace('/', '-')}" for unit "${unit}"`;
  return kind === 'filesystem'
    ? `mount point for ${attachment} missing`
    : `${attachment} not provisioned`;
}

function unprovisioned(slice: JujuSlice, { kind }: Storage, id: string): string {
  const number = id.slice(id.indexOf('/') + 1);
  const within = slice.machine === '' ? number : `${slice.machine}/${number}`;
  if (kind === 'block') return `getting volume info: volume "${within}" not provisioned`;
  const host = slice.machine === '' ? unitName(slice) : slice.machine;
  return `getting filesystem attachment info: filesystem attachment "${within}" on "${host}" not provisioned`;
}

/** The storage that -s names, else the hook's own. */
function chosenStorage(slice: JujuSlice, event: Event, given: string | undefined): Storage | Reply {
  if (given !== undefined) {
    const trouble = STORAGE_ID.test(given)
      ? storageTrouble(slice, given)
      : `invalid storage ID ${quoted(given)}`;
    if (trouble !== null) {
      return refuse(2, `invalid value ${quoted(given)} for option -s: ${trouble}`);
    }
  }
  const id = given ?? (event.kind === 'storage' ? event.id : '');
  const storage = slice.storages[id];
  return storage?.attached ? storage : refuse(2, 'no storage instance specified');
}

export const storageGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, s: { kind: 'text' } },
  run({ seen, event }, parsed) {
    const storage = chosenStorage(seen, event, parsed.text['s']);
    if (isReply(storage)) return storage;
    const [key, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    const { kind, location } = storage;
    if (!key) return formatted({ kind, location }, parsed);
    if (key === 'kind') return formatted(kind, parsed);
    if (key === 'location') return formatted(location, parsed);
    return refuse(1, `invalid storage attribute ${quoted(key)}`);
  },
};

export const storageAdd: HookCommand = {
  flags: {},
  run({ seen, buffer }, parsed) {
    if (parsed.rest.length === 0) return refuse(2, 'storage add requires a storage directive');
    const counts = storageCounts(parsed.rest, isJuju4(seen) ? 'directive' : 'constraints');
    if (typeof counts === 'string') return refuse(2, counts);
    buffer((slice) => {
      for (const [name, count] of counts) {
        slice.requestedStorages[name] = (slice.requestedStorages[name] ?? 0) + count;
      }
    });
    return ok('');
  },
};

function countProblem(charm: Charm, name: string, [had, more]: readonly [number, number]) {
  const { min: least, max: most } = storageCount(charm.storage[name] ?? {});
  const total = had + more;
  if (least === 1 && most === 1 && total !== 1) return 'cannot attach, storage is singular';
  const doing = `attaching ${more} storage instance${more === 1 ? '' : 's'} brings the total to ${total}`;
  if (total < least) return `${doing}, which is less than the minimum of ${least}`;
  return total > most ? `${doing}, exceeding the maximum of ${most}` : null;
}

/** What the controller has against the instances that a hook asked for, in the words of the agent's log. */
export function commitProblems(kept: JujuSlice, seen: JujuSlice, charm: Charm): readonly Problem[] {
  return Object.entries(seen.requestedStorages).flatMap(([name, count]): readonly Problem[] => {
    const before = kept.requestedStorages[name] ?? 0;
    const refused = (why: string) => [{ message: `cannot apply changes: ${why}` }];
    if (count <= before) return [];
    if (!Object.hasOwn(charm.storage, name)) {
      const unit = `unit-${seen.app}-${seen.unit}`;
      return refused(`adding storage ${name} for ${unit}: storage ${quoted(name)} not found`);
    }
    const had = Object.keys(seen.storages).filter((id) => nameOf(id) === name).length + before;
    const problem = countProblem(charm, name, [had, count - before]);
    if (problem === null) return [];
    return refused(`adding ${quoted(name)} storage to ${unitName(seen)}: ${problem}`);
  });
}

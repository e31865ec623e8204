/**
 * State by meaning: two states are equal when these are. Times pass, counters count and ids are given out in order of
 * request; none of that is behaviour. Records show states in this form, keys and digests are taken over it.
 */
import { produce, type Draft } from 'immer';
import type { Json } from '../model/json.ts';
import { canonicalDatabase } from './machine/database.ts';
import { forgetTimes } from './machine/unit-canonical.ts';
import { DATABASE_DIGEST } from './machine/slice.ts';
import { canonical as canonicalPebble } from './pebble/canonical.ts';
import type { State } from './state.ts';

const known = new WeakMap<State, State>();

export function canonicalState(state: State): State {
  const found = known.get(state) ?? withoutCounting(state);
  known.set(state, found);
  return found;
}

function withoutCounting(state: State): State {
  return produce({ ...state, pebble: canonicalPebble(state.pebble) }, (draft) => {
    draft.clock.now = 0;
    draft.juju.unitStatus.since = 0;
    for (const secret of Object.values(draft.juju.secrets)) {
      if (secret.nextRotate !== null) secret.nextRotate = 0;
    }
    if (draft.juju.appStatus) draft.juju.appStatus.since = 0;
    forgetTimes(draft.machine);
    const { charmDir, folders, databases, root = {} } = draft.machine;
    for (const left of [root, ...Object.values(folders)]) {
      for (const change of Object.values(left)) if (change.kind !== 'removed') change.modified = 0;
    }
    for (const [path, change] of Object.entries(charmDir)) {
      if (change.kind === 'removed') continue;
      change.modified = 0;
      if (change.kind !== 'file' || databases[path] === undefined) continue;
      change.digest = DATABASE_DIGEST;
      change.size = 0;
    }
    for (const [path, rows] of Object.entries(databases)) {
      databases[path] = canonicalDatabase(rows as Json) as Draft<Json>;
    }
  });
}

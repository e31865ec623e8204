/**
 * Relations as an author describes them: the other side's databags, and what this side has written already.
 * An endpoint has at most one relation with an application; a peer relation is with the application itself.
 */
import type { Draft } from 'immer';
import type { Charm } from '../model/charm.ts';
import type { RelationSpec, StateSpec } from '../tree/definition.ts';
import { uuidFrom } from '../world/juju/environment.ts';
import { newRelation } from '../world/juju/new-unit.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';
import { digestOfValue, type Digest } from './digests.ts';
import { withSecretId } from './lay-secrets.ts';

type Slice = Draft<JujuSlice>;
type Using = { readonly charm: Charm; readonly digest: Digest };

const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

export function isPeer(charm: Charm, endpoint: string): boolean {
  return charm.endpoints[endpoint]?.role === 'peers';
}

/** The UUID of a model that is named; null for the unit's own. */
function modelOf(slice: JujuSlice, model: string, digest: Digest): string | null {
  if (model === slice.model.name || model === slice.model.uuid) return null;
  if (UUID.test(model)) return model;
  return uuidFrom(digestOfValue({ otherModel: model }, digest).replace('sha256:', ''));
}

/** The relations of an endpoint that a spec may be about. */
export function meant(
  slice: JujuSlice,
  { endpoint, app, charm }: { endpoint: string; app: string | undefined; charm: Charm },
): readonly string[] {
  return Object.entries(slice.relations)
    .filter(([, relation]) => relation.endpoint === endpoint)
    .filter(([, relation]) => isPeer(charm, endpoint) || app === undefined || relation.app === app)
    .map(([key]) => key);
}

export function addRelation(slice: Slice, endpoint: string, app: string): Draft<Relation> {
  const relation = newRelation({ id: slice.nextRelation, endpoint, app }) as Draft<Relation>;
  slice.nextRelation += 1;
  const key = `${endpoint}:${relation.id}`;
  slice.relations[key] = relation;
  return slice.relations[key] ?? relation;
}

export function layBag(
  bag: Record<string, string>,
  changes: Readonly<Record<string, string | null>> = {},
  written: (text: string) => string = (text) => text,
): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete bag[key];
    else bag[key] = written(value);
  }
}

/** It is gone as if it had never been: no hook tells the unit so. */
function forget(slice: Slice, key: string): void {
  delete slice.relations[key];
  delete slice.stage.created[key];
  delete slice.stage.joined[key];
  delete slice.stage.pending[key];
  if (slice.stage.seen) delete slice.stage.seen.relations[key];
  for (const secret of Object.values(slice.secrets)) {
    for (const [reader, over] of Object.entries(secret.grants)) {
      if (over === key) delete secret.grants[reader];
    }
  }
}

function layUnits(
  slice: Slice,
  relation: Draft<Relation>,
  units: NonNullable<RelationSpec['units']>,
): void {
  for (const [number, bag] of Object.entries(units)) {
    const unit = `${relation.app}/${number}`;
    if (bag === null) {
      delete relation.units[unit];
      continue;
    }
    relation.units[unit] ??= {};
    layBag(relation.units[unit], bag, (text) => withSecretId(slice, text));
  }
}

function layRelation(slice: Slice, endpoint: string, spec: RelationSpec, using: Using): void {
  const [key, ambiguous] = meant(slice, { endpoint, app: spec.app, charm: using.charm });
  if (ambiguous !== undefined) return;
  if (spec.remove) {
    if (key !== undefined) forget(slice, key);
    return;
  }
  const known = key === undefined ? undefined : slice.relations[key];
  const relation = known ?? addRelation(slice, endpoint, spec.app ?? `remote-${endpoint}`);
  if (spec.model !== undefined) relation.remoteModel = modelOf(slice, spec.model, using.digest);
  const written = (text: string): string => withSecretId(slice, text);
  layBag(relation.remoteApp, spec.data, written);
  layBag(relation.localApp, spec.local, written);
  layBag(relation.localUnit, spec.localUnit, written);
  layUnits(slice, relation, spec.units ?? {});
}

export function layRelations(
  slice: Slice,
  relations: StateSpec['relations'] = {},
  using: Using,
): void {
  for (const [endpoint, specs] of Object.entries(relations)) {
    if (specs === null) {
      const all = meant(slice, { endpoint, app: undefined, charm: using.charm });
      for (const key of all) forget(slice, key);
      continue;
    }
    for (const spec of [specs].flat()) layRelation(slice, endpoint, spec as RelationSpec, using);
  }
}

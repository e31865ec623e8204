/** Relations with the databags of both sides laid beside each other. */
import { plainText } from '../chart/plain-text.ts';
import type { Databag, JujuSlice, Relation } from '../engine/world/juju/slice.ts';

export type DatabagView = {
  /** Whose databag: `notice-board/0 (this unit)`. */
  readonly owner: string;
  readonly pairs: readonly { readonly key: string; readonly value: string }[];
};
export type RelationView = {
  readonly key: string;
  readonly app: string;
  readonly peer: boolean;
  readonly local: readonly DatabagView[];
  readonly remote: readonly DatabagView[];
};

export function relationViews(juju: JujuSlice): readonly RelationView[] {
  return Object.keys(juju.relations)
    .sort()
    .map((key) => relationView(key, juju.relations[key] as Relation, juju));
}

function relationView(key: string, relation: Relation, juju: JujuSlice): RelationView {
  const peer = relation.app === juju.app;
  const units = Object.keys(relation.units)
    .sort()
    .map((unit) => databag(unit, relation.units[unit] ?? {}));
  return {
    key: plainText(key),
    app: plainText(relation.app),
    peer,
    local: [
      databag(`${juju.app} (this application)`, relation.localApp),
      databag(`${juju.app}/${juju.unit} (this unit)`, relation.localUnit),
    ],
    remote: peer ? units : [databag(`${relation.app} (application)`, relation.remoteApp), ...units],
  };
}

function databag(owner: string, bag: Databag): DatabagView {
  const pairs = Object.keys(bag).sort();
  return {
    owner: plainText(owner),
    pairs: pairs.map((key) => ({ key: plainText(key), value: plainText(bag[key] ?? '') })),
  };
}

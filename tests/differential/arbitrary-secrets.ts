/** Secrets: owned by the unit or its application, granted to it, with revisions not read yet, labels, expiry. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { DrawnRelation } from './arbitrary-relations.ts';
import { expire, intKeys, rotate, secretContent } from './arbitrary-values.ts';

export type DrawnSecret = {
  readonly id: string;
  readonly owner: 'unit' | 'app' | null;
  readonly label: string | null;
  readonly tracked: number;
  readonly latest: number;
  readonly rotate: string | null;
  readonly json: Readonly<Record<string, unknown>>;
};

/** Juju's ids are 20 characters of this kind. */
const IDS = ['c0000000000000000a10', 'c0000000000000000b20', 'c0000000000000000c30'];
const LABELS = ['one', 'two words', 'three'];

/** To applications, over a relation with each; Juju keeps one grant for an application. */
function grants(relations: readonly DrawnRelation[]): Arbitrary<Record<string, string[]>> {
  const possible = relations.filter(
    ({ kind, app }, at) =>
      kind === 'Relation' && relations.findIndex((one) => one.app === app) === at,
  );
  if (possible.length === 0) return fc.constant({});
  return fc
    .subarray([...possible])
    .map((chosen) => Object.fromEntries(chosen.map(({ id, app }) => [String(id), [app]])));
}

function secret(at: number, relations: readonly DrawnRelation[]): Arbitrary<DrawnSecret> {
  return fc
    .record({
      owner: fc.constantFrom('unit', 'app', null),
      labelled: fc.boolean(),
      tracked: secretContent,
      newer: fc.option(secretContent, { nil: null }),
      first: fc.constantFrom(1, 1, 4),
      remote: grants(relations),
      description: fc.constantFrom(null, 'a password'),
      expire: fc.option(expire, { nil: null }),
      rotate: fc.option(rotate, { nil: null }),
    })
    .map((drawn) => {
      const { owner, tracked, first } = drawn;
      const same = JSON.stringify(drawn.newer) === JSON.stringify(tracked);
      const newer = same ? null : drawn.newer;
      const latest = newer ? first + 1 : first;
      const label = drawn.labelled ? (LABELS[at] ?? null) : null;
      const owned = owner !== null;
      const expires = drawn.expire === null ? null : { _type: 'datetime', value: drawn.expire };
      return {
        id: `secret:${IDS[at]}`,
        owner,
        label,
        tracked: first,
        latest,
        rotate: owned ? drawn.rotate : null,
        json: {
          _type: 'Secret',
          tracked_content: tracked,
          latest_content: newer ?? tracked,
          id: `secret:${IDS[at]}`,
          owner,
          remote_grants: owned ? intKeys(drawn.remote) : {},
          label,
          description: owned ? drawn.description : null,
          expire: owned ? expires : null,
          rotate: owned && drawn.rotate ? { _enum: 'SecretRotate', value: drawn.rotate } : null,
          _tracked_revision: first,
          _latest_revision: latest,
        },
      };
    });
}

export function secrets(relations: readonly DrawnRelation[]): Arbitrary<readonly DrawnSecret[]> {
  return fc
    .integer({ min: 0, max: IDS.length })
    .chain((count) => fc.tuple(...IDS.slice(0, count).map((_, at) => secret(at, relations))));
}

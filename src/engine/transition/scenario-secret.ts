/**
 * Secrets of an ops.testing State and of Juju's slice, both ways.
 * Source: ops-scenario state.py (Secret) and mocking.py (how secret commands read it).
 * A State keeps two contents of a secret, what is tracked and what is latest; the slice keeps every revision. A secret
 * of others is one that an application named `remote` owns and this unit may read.
 */
import { Mistake } from '../model/mistake.ts';
import type { Millis } from '../model/request.ts';
import type { JujuSlice } from '../world/juju/slice.ts';
import type { Secret, SecretRevision } from '../world/juju/secret-slice.ts';
import { nextRotation } from '../world/juju/secret-rotation.ts';
import {
  byNumber,
  numbered,
  type ScenarioMoment,
  type ScenarioRelation,
  type ScenarioSecret,
} from './scenario-json.ts';
import { relationKey } from './scenario-relation.ts';

const OTHERS = 'remote';

/** The id without `secret:` and without a model. */
export function bareId(id: string): string {
  return id.replace(/^secret:/, '').replace(/^\/\/[^/]*\//, '');
}

function momentIn({ value }: ScenarioMoment, id: string): Millis {
  // Python writes no zone for a moment that has none; it means the local time, which is UTC here.
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`;
  const moment = Date.parse(zoned);
  if (Number.isNaN(moment)) throw new Mistake(`secret ${id}: "${value}" is no time`);
  return moment;
}

/** As Python's isoformat writes it: no fraction where there is none. */
function momentOut(moment: Millis): ScenarioMoment {
  const text = new Date(moment).toISOString();
  const value = text.endsWith('.000Z') ? text.slice(0, -5) : `${text.slice(0, -1)}000`;
  return { _type: 'datetime', value: `${value}+00:00` };
}

function revisionsIn(secret: ScenarioSecret): Readonly<Record<string, SecretRevision>> {
  const expire = secret.expire === null ? null : momentIn(secret.expire, secret.id);
  const { _tracked_revision: tracked, _latest_revision: latest } = secret;
  return {
    [tracked]: { content: secret.tracked_content, expire: tracked === latest ? expire : null },
    ...(tracked === latest
      ? {}
      : { [latest]: { content: secret.latest_content ?? secret.tracked_content, expire } }),
  };
}

function ownerIn(secret: ScenarioSecret, { app, unit }: JujuSlice): Secret['owner'] {
  if (secret.owner === 'unit') return { kind: 'unit', name: `${app}/${unit}` };
  return { kind: 'application', name: secret.owner === 'app' ? app : OTHERS };
}

function grantsIn(
  secret: ScenarioSecret,
  relations: readonly ScenarioRelation[],
): Secret['grants'] {
  const granted = numbered(secret.remote_grants).flatMap(([id, names]) => {
    const relation = relations.find((one) => one.id === id);
    if (!relation)
      throw new Mistake(
        `secret ${secret.id} is granted over relation ${id}, which is not in the state`,
      );
    return names.map((name) => [name, relationKey(relation)] as const);
  });
  return Object.fromEntries(granted);
}

/** Two contents of one revision cannot be: ops-scenario counts the latest as a later one then. */
function numberedRevisions(secret: ScenarioSecret): ScenarioSecret {
  const same = JSON.stringify(secret.latest_content) === JSON.stringify(secret.tracked_content);
  if (secret.latest_content === null || same) return secret;
  const { _tracked_revision: tracked, _latest_revision: latest } = secret;
  return { ...secret, _latest_revision: latest > tracked ? latest : tracked + 1 };
}

export function secretIn(
  given: ScenarioSecret,
  {
    slice,
    relations,
    now,
  }: {
    slice: JujuSlice;
    relations: readonly ScenarioRelation[];
    now: Millis;
  },
): Secret {
  const secret = numberedRevisions(given);
  const own = secret.owner !== null;
  const rotate = (secret.rotate?.value ?? 'never') as Secret['rotate'];
  return {
    owner: ownerIn(secret, slice),
    label: own ? (secret.label ?? '') : '',
    description: secret.description ?? '',
    rotate,
    nextRotate: own ? nextRotation(rotate, now) : null,
    revisions: revisionsIn(secret),
    grants: grantsIn(secret, relations),
    readable: true,
    tracked: secret._tracked_revision,
    readerLabel: own ? '' : (secret.label ?? ''),
    announced: [],
  };
}

function grantsOut(grants: Secret['grants']): ScenarioSecret['remote_grants'] {
  const names = new Map<number, string[]>();
  for (const [name, key] of Object.entries(grants)) {
    const id = Number(key.split(':').at(-1));
    names.set(id, [...(names.get(id) ?? []), name].sort());
  }
  return byNumber([...names]);
}

function ownerOut(secret: Secret, { app, unit }: JujuSlice): ScenarioSecret['owner'] {
  const { kind, name } = secret.owner;
  if (kind === 'unit' && name === `${app}/${unit}`) return 'unit';
  return kind === 'application' && name === app ? 'app' : null;
}

/** The secret's fields as ops.testing has them; `given` is the one it was read from, if any. */
function secretOut(
  id: string,
  secret: Secret,
  { slice, given }: { slice: JujuSlice; given: ScenarioSecret | undefined },
): ScenarioSecret {
  const latest = Math.max(...Object.keys(secret.revisions).map(Number));
  const tracked = secret.tracked ?? latest;
  const owner = ownerOut(secret, slice);
  const expire = secret.revisions[latest]?.expire ?? null;
  const label = owner === null ? secret.readerLabel : secret.label;
  const now = secret.revisions[latest]?.content ?? {};
  return {
    _type: 'Secret',
    tracked_content: secret.revisions[tracked]?.content ?? given?.tracked_content ?? now,
    latest_content: now,
    id: given?.id ?? `secret:${id}`,
    owner,
    remote_grants: grantsOut(secret.grants),
    label: label === '' ? (given?.label === '' ? '' : null) : label,
    description: secret.description === '' ? (given?.description ?? null) : secret.description,
    expire: expire === null ? null : momentOut(expire),
    rotate:
      secret.rotate === 'never' && !given?.rotate
        ? null
        : { _enum: 'SecretRotate', value: secret.rotate },
    _tracked_revision: tracked,
    _latest_revision: latest,
  };
}

/** Every secret of the slice: those that were given in the order in which they were, then new ones. */
export function secretsOut(
  given: readonly ScenarioSecret[],
  slice: JujuSlice,
): readonly ScenarioSecret[] {
  const ids = [
    ...given.map(({ id }) => bareId(id)).filter((id) => slice.secrets[id] !== undefined),
    ...Object.keys(slice.secrets).filter((id) => !given.some((one) => bareId(one.id) === id)),
  ];
  return ids.flatMap((id) => {
    const secret = slice.secrets[id];
    const was = given.find((one) => bareId(one.id) === id);
    return secret && Object.keys(secret.revisions).length > 0
      ? [secretOut(id, secret, { slice, given: was })]
      : [];
  });
}

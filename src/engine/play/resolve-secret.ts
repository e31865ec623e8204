/** Which secret and which revision a secret event is about, when its author does not say. */
import type { SecretEvent } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';
import type { EventSpec } from '../tree/definition.ts';
import type { Secret } from '../world/juju/secret-slice.ts';
import { latest, ownership } from '../world/juju/secret-view.ts';
import type { JujuSlice } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';
import { idOfName } from './lay-secrets.ts';

type Happening = SecretEvent['happening'];
type Known = { readonly id: string; readonly secret: Secret };

function labelOf(slice: JujuSlice, secret: Secret): string {
  return ownership(slice, secret) === 'others' ? secret.readerLabel : secret.label;
}

/** By its name in the tree, its id, or what this unit calls it. */
function named(slice: JujuSlice, wanted: string): Known | undefined {
  const bare = wanted.replace(/^secret:/, '');
  const ids = [idOfName(bare), bare];
  const id =
    ids.find((one) => Object.hasOwn(slice.secrets, one)) ??
    Object.entries(slice.secrets).find(([, one]) => labelOf(slice, one) === wanted)?.[0];
  const secret = id === undefined ? undefined : slice.secrets[id];
  return id !== undefined && secret ? { id, secret } : undefined;
}

/** Revisions that are not the latest and that nobody here reads, oldest first. */
function obsolete(secret: Secret): readonly number[] {
  const last = latest(secret);
  return Object.keys(secret.revisions)
    .map(Number)
    .filter((revision) => revision !== last && revision !== secret.tracked)
    .sort((a, b) => a - b);
}

function hasNews({ secret }: Known): boolean {
  return secret.tracked !== null && secret.tracked < latest(secret);
}

/** Another's secret that has a new revision, an own one that is rotated, an own one with something to remove. */
function usual(slice: JujuSlice, happening: Happening): Known | undefined {
  const all = Object.entries(slice.secrets).map(([id, secret]) => ({ id, secret }));
  const own = all.filter(({ secret }) => ownership(slice, secret) !== 'others');
  const others = all.filter(({ secret }) => ownership(slice, secret) === 'others');
  switch (happening) {
    case 'changed':
      return others.find(hasNews) ?? others.find(({ secret }) => secret.readable);
    case 'rotate':
      return own.find(({ secret }) => secret.rotate !== 'never') ?? own[0];
    case 'expired':
      return own[0];
    case 'remove':
      return own.find(({ secret }) => obsolete(secret).length > 0) ?? own[0];
  }
}

const MISSING: Readonly<Record<Happening, { of: string; hint: string }>> = {
  changed: {
    of: "another's secret that the unit reads",
    hint: 'add secrets: {a-name: {owner: OTHER-APP, content: {password: not-a-secret}}}',
  },
  rotate: {
    of: "a secret of the unit's own",
    hint: 'add secrets: {a-name: {content: {password: not-a-secret}, rotate: daily}}',
  },
  expired: {
    of: "a secret of the unit's own",
    hint: 'add secrets: {a-name: {content: {password: not-a-secret}}}',
  },
  remove: {
    of: "a secret of the unit's own",
    hint: 'add secrets: {a-name: {content: {password: not-a-secret}}}, and other content later',
  },
};

function missing(happening: Happening, wanted: string | undefined): Problem {
  const { of, hint } = MISSING[happening];
  const message =
    wanted === undefined
      ? `secret-${happening} needs ${of} in the state`
      : `there is no secret ${wanted} in the state`;
  const about = wanted ?? `secret-${happening}`;
  const add = wanted === undefined ? hint : hint.replace('a-name', wanted);
  return { message, about, rule: 'event-secret-exists', hint: add };
}

/** The secret event that `spec` names, or why there is none. */
export function secretEvent(
  { juju }: State,
  spec: EventSpec,
  happening: Happening,
): SecretEvent | Problem {
  const known = spec.secret === undefined ? usual(juju, happening) : named(juju, spec.secret);
  if (!known) return missing(happening, spec.secret);
  const { id, secret } = known;
  const event = { kind: 'secret', happening, secret: id, label: labelOf(juju, secret) } as const;
  switch (happening) {
    case 'changed':
    case 'rotate':
      return event;
    case 'expired':
      return { ...event, revision: spec.revision ?? latest(secret) };
    case 'remove':
      return { ...event, revision: spec.revision ?? obsolete(secret)[0] ?? latest(secret) };
  }
}

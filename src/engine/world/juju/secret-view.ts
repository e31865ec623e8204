/**
 * Who may do what with a secret, and how it looks to the controller and to the agent while a hook is under way.
 * Source: juju internal/worker/uniter/runner/context/context.go (SecretMetadata), apiserver/common/secrets/access.go
 * Not modelled: the agent's list of secrets is as old as the hook; a label that secret-get changed shows in it at once.
 */
import { leads, unitName, type HookContext } from './command.ts';
import type { Secret, SecretRevision, SecretsInHook } from './secret-slice.ts';
import type { JujuSlice } from './slice.ts';
import { versionNumbers } from './version.ts';

export const NOTHING_ASKED: SecretsInHook = {
  stored: {},
  rotated: {},
  removed: {},
  refreshed: {},
  granted: {},
  revoked: {},
  doomed: [],
};

export function asked(slice: JujuSlice): SecretsInHook {
  return slice.hook?.secrets ?? NOTHING_ASKED;
}

/** The secret as the controller has it: without what this hook has asked for. */
export function stored(slice: JujuSlice, key: string): Secret | undefined {
  const before = asked(slice).stored;
  if (Object.hasOwn(before, key)) return before[key] ?? undefined;
  return Object.hasOwn(slice.secrets, key) ? slice.secrets[key] : undefined;
}

/** All that the controller has. */
export function onController(slice: JujuSlice): Readonly<Record<string, Secret>> {
  const keys = [...Object.keys(slice.secrets), ...Object.keys(asked(slice).stored)];
  const found = keys.map((key) => [key, stored(slice, key)] as const);
  return Object.fromEntries(
    found.filter((entry): entry is readonly [string, Secret] => entry[1] !== undefined),
  );
}

/** Made by this hook and not on the controller yet. */
export function isNew(slice: JujuSlice, key: string): boolean {
  return asked(slice).stored[key] === null && Object.hasOwn(slice.secrets, key);
}

export type Ownership = 'unit' | 'application' | 'others';

export function ownership(slice: JujuSlice, { owner }: Secret): Ownership {
  if (owner.kind === 'unit') return owner.name === unitName(slice) ? 'unit' : 'others';
  return owner.kind === 'application' && owner.name === slice.app ? 'application' : 'others';
}

/** Whether the agent lists the secret among the unit's own: an application's are its leader's. */
function isManaged(slice: JujuSlice, secret: Secret): boolean {
  const owned = ownership(slice, secret);
  return owned === 'unit' || (owned === 'application' && (slice.hook?.led ?? slice.leader));
}

/** A secret on the controller that the unit may change, as far as its agent knows. */
export function managed(slice: JujuSlice, key: string): Secret | undefined {
  const secret = stored(slice, key);
  return secret && isManaged(slice, secret) ? secret : undefined;
}

/** Keys of the secrets that the agent lists: those made by this hook too, none that it removes anything of. */
export function listed(slice: JujuSlice): readonly string[] {
  const { removed } = asked(slice);
  return Object.keys(slice.secrets)
    .filter((key) => !Object.hasOwn(removed, key))
    .filter((key) => isNew(slice, key) || managed(slice, key) !== undefined)
    .sort();
}

/** Whether the unit may not change a secret of its application's any more. */
export function isDeposed(context: HookContext, secret: Secret): boolean {
  return ownership(context.seen, secret) === 'application' && !leads(context);
}

export function latest(secret: Secret): number {
  return Math.max(0, ...Object.keys(secret.revisions).map(Number));
}

export function latestRevision(secret: Secret): SecretRevision | undefined {
  return secret.revisions[latest(secret)];
}

function isAtLeast(version: string, [a, b, c]: readonly [number, number, number]): boolean {
  const [major, minor, patch] = versionNumbers(version);
  return (major - a || minor - b || patch - c) >= 0;
}

/** Since 3.6 what a secret holds already makes no new revision. */
export function dropsSameContent({ version }: JujuSlice): boolean {
  return isAtLeast(version, [3, 6, 0]);
}

/** Until 3.1.7 and 3.3.1 owners always read the latest revision of what they own. */
export function ownersTrack({ version }: JujuSlice): boolean {
  const [major, minor] = versionNumbers(version);
  return (
    isAtLeast(version, [3, 3, 1]) || (major === 3 && minor === 1 && isAtLeast(version, [3, 1, 7]))
  );
}

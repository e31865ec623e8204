/**
 * Writing down what a hook asks of secrets: reading goes by what the controller has, a removal undoes all the rest.
 * Source: juju internal/worker/uniter/runner/context/secrets.go (secretsChangeRecorder)
 */
import { current, isDraft, type Draft } from 'immer';
import type { DoomedStep, Secret, SecretsInHook } from './secret-slice.ts';
import { latest, NOTHING_ASKED } from './secret-view.ts';
import type { JujuSlice } from './slice.ts';

type Slice = Draft<JujuSlice>;

/** What the hook has asked so far, to be written to. */
export function askedOf(slice: Slice): Draft<SecretsInHook> {
  if (!slice.hook) throw new Error('secrets are changed within a hook only');
  slice.hook.secrets ??= structuredClone(NOTHING_ASKED) as Draft<SecretsInHook>;
  return slice.hook.secrets;
}

function copy(secret: Draft<Secret>): Draft<Secret> {
  return structuredClone(isDraft(secret) ? (current(secret) as Draft<Secret>) : secret);
}

function remember(slice: Slice, key: string): Draft<Secret> | undefined {
  const hook = askedOf(slice);
  const secret = slice.secrets[key];
  if (secret && !Object.hasOwn(hook.stored, key)) hook.stored[key] = copy(secret);
  return secret;
}

/** The secret to be changed at the commit, and as the controller has it; null for a new one. A removal is forgotten. */
export function toChange(
  slice: Slice,
  key: string,
): { secret: Draft<Secret>; before: Draft<Secret> | null } | undefined {
  forgetRemoval(slice, key);
  const secret = remember(slice, key);
  return secret && { secret, before: askedOf(slice).stored[key] ?? null };
}

export function forgetRemoval(slice: Slice, key: string): void {
  const hook = askedOf(slice);
  if (!Object.hasOwn(hook.removed, key)) return;
  delete hook.removed[key];
  hook.doomed = hook.doomed.filter((one) => one.key !== key || one.step !== 'removing secrets');
  const before = hook.stored[key];
  if (before) slice.secrets[key] = copy(before);
}

/** All revisions where `revision` is null. Whatever else the hook has asked of the secret is forgotten. */
export function removeAtCommit(slice: Slice, key: string, revision: number | null): void {
  const hook = askedOf(slice);
  remember(slice, key);
  const before = hook.stored[key];
  if (before) slice.secrets[key] = copy(before);
  else delete slice.secrets[key];
  for (const part of [hook.rotated, hook.refreshed, hook.granted, hook.revoked]) delete part[key];
  hook.doomed = hook.doomed.filter((one) => one.key !== key);
  const earlier = hook.removed[key];
  const all = revision === null || earlier?.length === 0;
  const revisions = all ? [] : [...(earlier ?? []), revision];
  hook.removed[key] = revisions;
  const secret = slice.secrets[key];
  if (!secret) return;
  for (const number of revisions) delete secret.revisions[number];
  if (all || latest(secret) === 0) delete slice.secrets[key];
}

/** Something that the controller will refuse. */
export function doom(slice: Slice, step: DoomedStep): void {
  const hook = askedOf(slice);
  const same = (one: DoomedStep): boolean =>
    one.key === step.key && one.step === step.step && one.message === step.message;
  if (!hook.doomed.some(same)) hook.doomed.push(step);
}

/** What the controller does at once, whatever becomes of the hook. */
export function trackAtOnce(slice: Slice, key: string, revision: number): void {
  const hook = slice.hook?.secrets;
  const before = hook?.stored[key];
  if (before) before.tracked = revision;
  const secret = slice.secrets[key];
  if (secret && !(hook && Object.hasOwn(hook.refreshed, key))) secret.tracked = revision;
}

/** A label given to a secret that is there: the owner's, or this unit's as a reader. */
export function labelAtOnce(
  slice: Slice,
  key: string,
  { whose, label }: { whose: 'label' | 'readerLabel'; label: string },
): void {
  const before = slice.hook?.secrets?.stored[key];
  const secret = slice.secrets[key];
  if (secret && (!before || secret[whose] === before[whose])) secret[whose] = label;
  if (before) before[whose] = label;
}

/** When a relation is removed the access that was granted over it ends. */
export function endGrants(slice: Slice, over: string): void {
  for (const secret of Object.values(slice.secrets)) {
    for (const [name, relation] of Object.entries(secret.grants)) {
      if (relation === over) delete secret.grants[name];
    }
  }
}

/**
 * Why the controller refuses what a hook has asked of secrets. It takes them in steps, before anything else, and stops
 * at the first step that fails.
 * Source: juju apiserver/facades/agent/uniter (commitHookChangesForOneUnit), secretsmanager (CreateSecrets,
 * UpdateSecrets)
 */
import type { Problem } from '../../model/outcome.ts';
import { quoted } from './arguments.ts';
import { labelTaken } from './secret-labels.ts';
import type { Secret, SecretStep } from './secret-slice.ts';
import { asked, isNew, listed, onController, ownership, stored } from './secret-view.ts';
import type { JujuSlice } from './slice.ts';
import { isJuju4 } from './version.ts';

const STEPS: readonly SecretStep[] = [
  'removing secrets',
  'creating secrets',
  'updating secrets',
  'granting secrets access',
  'revoking secrets access',
];
/** Juju 4 removes last. */
const STEPS_4: readonly SecretStep[] = [...STEPS.slice(1), 'removing secrets'];

/** What has a label when secrets are made and updated: Juju 3 has removed what is to be removed by then. */
function holders(slice: JujuSlice, updating: boolean): Readonly<Record<string, Secret>> {
  const { removed } = asked(slice);
  const stays = ([key]: [string, Secret]): boolean => isJuju4(slice) || removed[key]?.length !== 0;
  const there = Object.entries(onController(slice)).filter(stays);
  const made = Object.entries(slice.secrets).filter(([key]) => isNew(slice, key));
  return Object.fromEntries([...there, ...(updating ? made : [])]);
}

function takenLabels(slice: JujuSlice, step: SecretStep): readonly string[] {
  const updating = step === 'updating secrets';
  if (!updating && step !== 'creating secrets') return [];
  let there = holders(slice, updating);
  return listed(slice).flatMap((key) => {
    const secret = slice.secrets[key];
    if (!secret || isNew(slice, key) === updating) return [];
    const { label } = secret;
    if (label === '' || label === stored(slice, key)?.label) return [];
    const by = ownership(slice, secret) === 'application' ? 'application' : 'unit';
    const taken = labelTaken(slice, { key, label, by }, there);
    // Each is written before the next is looked at.
    there = { ...there, [key]: secret };
    return taken === undefined ? [] : [`secret with label ${quoted(label)} already exists`];
  });
}

/** The controller's refusal, in the words of the agent's log; empty when it refuses nothing. */
export function commitProblems(_kept: JujuSlice, seen: JujuSlice): readonly Problem[] {
  for (const step of isJuju4(seen) ? STEPS_4 : STEPS) {
    const doomed = asked(seen).doomed.filter((one) => one.step === step);
    const messages = [...doomed.map(({ message }) => message), ...takenLabels(seen, step)];
    if (messages.length > 0) {
      const message = `cannot apply changes: ${step}: ${messages.join('\n')}`;
      return [{ message, about: 'secrets' }];
    }
  }
  return [];
}

/**
 * Labels of secrets: one names at most one secret of an owner, and not another one that the owner's units read.
 * Source: juju state/secrets.go (uniqueSecretOwnerLabelOps, uniqueSecretConsumerLabelOps)
 * Not modelled: the labels under which other units read.
 */
import { quoted } from './arguments.ts';
import { unitName } from './command.ts';
import { onController, ownership } from './secret-view.ts';
import type { Secret } from './secret-slice.ts';
import type { JujuSlice } from './slice.ts';

/** Who calls the secret so: the application or unit that owns it, or this unit as one of its readers. */
export type Caller = 'application' | 'unit' | 'reader';
export type Naming = { readonly key: string; readonly label: string; readonly by: Caller };

function tag(slice: JujuSlice, by: Caller): string {
  const unit = `unit-${unitName(slice).replace('/', '-')}`;
  return quoted(by === 'application' ? `application-${slice.app}` : unit);
}

function isOfUnits(slice: JujuSlice, { owner }: Secret): boolean {
  return owner.kind === 'unit' && owner.name.startsWith(`${slice.app}/`);
}

/** Which part of the model has the label already, in the order in which Juju looks. */
function holder(
  slice: JujuSlice,
  { key, label, by }: Naming,
  others: Readonly<Record<string, Secret>>,
): '' | 'consumer ' | 'owner ' | undefined {
  const rest = Object.entries(others).filter(([other]) => other !== key);
  const labelled = rest.map(([, secret]) => secret).filter((secret) => secret.label === label);
  const read = rest.some(([, { readerLabel }]) => readerLabel === label);
  const own = (owner: 'application' | 'unit'): boolean =>
    labelled.some((secret) => ownership(slice, secret) === owner);
  if (by === 'application') {
    if (read || labelled.some((secret) => isOfUnits(slice, secret))) return '';
    return own('application') ? 'owner ' : undefined;
  }
  if (own('application')) return '';
  if (by === 'unit') return read ? 'consumer ' : own('unit') ? 'owner ' : undefined;
  return own('unit') ? 'owner ' : read ? 'consumer ' : undefined;
}

/** Why a secret cannot be called so; undefined when it can. */
export function labelTaken(
  slice: JujuSlice,
  naming: Naming,
  others: Readonly<Record<string, Secret>> = onController(slice),
): string | undefined {
  const role = holder(slice, naming, others);
  if (role === undefined) return undefined;
  return `secret label ${quoted(naming.label)} for ${role}${tag(slice, naming.by)} already exists`;
}

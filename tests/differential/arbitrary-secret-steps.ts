/**
 * Steps about secrets. Scripts leave alone what Juju leaves open or decides by chance: a secret that is to be removed,
 * a label that has two holders or has just changed hands.
 */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Json } from '../../src/engine/model/json.ts';
import type { Drawn } from './arbitrary-machine.ts';
import type { Step } from './arbitrary-script.ts';
import { expire, label, rotate, secretContent } from './arbitrary-values.ts';

type Which = { readonly id?: string; readonly label?: string; readonly new?: number };

function step(name: string, ...args: readonly Arbitrary<Json>[]): Arbitrary<Step> {
  return fc.tuple(...args).map((drawn) => [name, ...drawn]);
}

/** A secret of the state by id or label, one made in this hook, or one that is not there. */
function which({ secrets }: Drawn): Arbitrary<Which> {
  const known = secrets.flatMap((secret): Which[] => [
    { id: secret.id },
    ...(secret.label === null ? [] : [{ label: secret.label }]),
  ]);
  const others = [
    { new: 0 },
    { new: 1 },
    { label: 'nobody' },
    { id: 'secret:c0000000000000000v90' },
  ];
  return fc.constantFrom<Which>(...known, ...known, ...known, ...others);
}

/** A relation that a secret can be granted over: the only one with its application. */
function grantable({ relations }: Drawn): Arbitrary<readonly [string, number]> {
  const found = relations.filter(
    ({ kind, app }) =>
      kind === 'Relation' && relations.filter((one) => one.app === app).length === 1,
  );
  const known = found.map(({ endpoint, id }) => [endpoint, id] as const);
  return fc.constantFrom<readonly [string, number]>(...known, ...known, ['db', 99]);
}

/** A revision that is not the latest of several, or one that never was. */
function revision({ secrets }: Drawn): Arbitrary<Step> {
  const known = secrets.map(
    ({ id, latest, tracked }) => [id, tracked < latest ? tracked : 99] as const,
  );
  return fc
    .constantFrom<readonly [string, number]>(...known, ['secret:c0000000000000000v90', 1])
    .map(([id, number]) => ['secret-remove', { id }, number] as const);
}

const metadata = fc.record(
  { label, description: fc.constantFrom('d', 'for two'), expire, rotate },
  { requiredKeys: [], noNullPrototype: true },
);

export const secretAdd: Arbitrary<Step> = step(
  'secret-add',
  fc.constantFrom('unit', 'app'),
  secretContent,
  metadata,
);

export function secretSteps(drawn: Drawn): readonly Arbitrary<Step>[] {
  const about = which(drawn);
  const granted = fc.tuple(about, grantable(drawn));
  return [
    secretAdd,
    step('secret-get', about, fc.constantFrom('get', 'peek', 'refresh')),
    step('secret-info', about),
    step('secret-set', about, secretContent),
    step('secret-describe', about, metadata),
    granted.map(([one, [endpoint, id]]) => ['secret-grant', one, endpoint, id] as const),
    granted.map(([one, [endpoint, id]]) => ['secret-revoke', one, endpoint, id] as const),
    step('secret-remove', about),
    revision(drawn),
  ];
}

function isSecretStep([name]: Step): boolean {
  return name.startsWith('secret-');
}

/** Without the steps that are about what was removed, or about a label that is not one secret's for sure. */
export function tidied(script: readonly Step[], { secrets }: Drawn): readonly Step[] {
  const holders = secrets.flatMap(({ label }) => (label === null ? [] : [label]));
  const removed = new Set<string>();
  let made = 0;
  return script.filter((one) => {
    if (!isSecretStep(one)) return true;
    const [name, target, second, more] = one as unknown as [string, Which, unknown, unknown];
    const about = name === 'secret-add' ? {} : target;
    const byLabel = secrets.find(({ label }) => label !== null && label === about.label);
    const key = JSON.stringify(byLabel ? { id: byLabel.id } : about);
    const unsure =
      about.label !== undefined && holders.filter((one) => one === about.label).length > 1;
    if (unsure || removed.has(key)) return false;
    const given = name === 'secret-add' ? more : name === 'secret-describe' ? second : {};
    const label = (given as { label?: string }).label;
    if (label !== undefined) {
      // The one that has it, and the one that had another one, are not looked up by label any more.
      if (name === 'secret-describe') holders.push(...holders, label, label);
      else holders.push(label, ...(holders.includes(label) ? [label] : []));
    }
    if (name === 'secret-add') made += 1;
    if (name === 'secret-remove') removed.add(key);
    return about.new === undefined || about.new < made;
  });
}

/**
 * A definition held against the charms it is about: every endpoint, container, storage, resource, binding, action and
 * config option it names must be there, in the charm that it has been upgraded to by then. What Juju would merely not
 * deliver is no mistake: a tree may ask for it, and its node is inconsistent.
 */
import type { Charm } from '../model/charm.ts';
import { Mistake } from '../model/mistake.ts';
import { wordHint } from '../model/yaml-shape.ts';
import { checkState, typeOfModel, unknownIn, type Held } from './check-state.ts';
import type { Definition, DeltaSpec, EventSpec, NodeDefinition } from './definition.ts';
import { nameEvent } from './event-name.ts';

export type Against = {
  /** The charms that the tree upgrades to, by what it says after `to`. */
  readonly upgrades?: Readonly<Record<string, Charm>>;
  /** Every hook command there is; faults of others are mistakes. */
  readonly commands?: readonly string[];
};

function checkFaults(event: EventSpec, { charm }: Held, commands?: readonly string[]) {
  return (event.faults ?? []).flatMap((fault, index): readonly Mistake[] => {
    const at = event.places?.[`faults/${index}`] ?? event.at;
    if (fault.kind === 'commit') return [];
    if (fault.kind === 'pebble') return unknownIn('container', fault.container, { at, charm });
    if (commands === undefined || commands.includes(fault.command)) return [];
    const message = `there is no hook command "${fault.command}"`;
    return [new Mistake(message, { at, hint: wordHint(fault.command, commands, 'It can be') })];
  });
}

function checkName(event: EventSpec, { charm }: Held): readonly Mistake[] {
  const { name, kind, at } = event;
  if (kind === 'retry') return [];
  if (kind === 'action') return unknownIn('action', name, { at, charm });
  const named = nameEvent(name);
  switch (named.kind) {
    case 'relation':
      return unknownIn('endpoint', named.endpoint, { at, charm });
    case 'storage':
      return unknownIn('storage', named.storage, { at, charm });
    case 'pebble-ready':
    case 'pebble-notice':
    case 'pebble-check':
      return unknownIn('container', named.container, { at, charm });
    default:
      return [];
  }
}

/** What Juju refuses an upgrade for, whatever the state. Source: juju state/application.go (SetCharm). */
function checkUpgrade(node: NodeDefinition, from: Charm, to: Charm): readonly Mistake[] {
  const at = node.event.places?.['upgrade'] ?? node.event.at;
  const refuse = (message: string, hint: string) => [new Mistake(message, { at, hint })];
  if (to.name !== from.name) {
    const message = `the charm ${from.name} cannot be upgraded to ${to.name}`;
    return refuse(message, 'An upgrade is to another version of the same charm.');
  }
  if (to.subordinate !== from.subordinate) {
    const hint = 'Both or neither must be subordinate.';
    return refuse("an upgrade cannot change an application's subordinacy", hint);
  }
  if (to.kubernetes !== from.kubernetes) {
    const hint = 'Both must be for Kubernetes, or both for machines.';
    return refuse('an upgrade cannot move an application between Kubernetes and machines', hint);
  }
  return [];
}

function secretNames({ root, nodes, fans = [] }: Definition): readonly string[] {
  const laid = [...nodes, ...fans].flatMap(({ deltas }) => deltas.map(({ state }) => state));
  const states = [root.state, ...laid];
  return [...new Set(states.flatMap(({ secrets = {} }) => Object.keys(secrets)))];
}

/** What the definition names that the charm does not have, in tree order; empty when all is there. */
export function checkAgainst(
  definition: Definition,
  charm: Charm,
  { upgrades = {}, commands }: Against = {},
): readonly Mistake[] {
  const seen = new Set<DeltaSpec>();
  const secrets = secretNames(definition);
  const model = typeOfModel(definition, charm);
  const app = definition.root.state.app ?? charm.name;
  const charms = new Map<string, Charm>([[definition.name, charm]]);
  const held = (of: Charm): Held => ({ charm: of, secrets, model, app });
  return [
    ...checkState(definition.root, held(charm)),
    ...definition.nodes.flatMap((node) => {
      const before = charms.get(node.parent) ?? charm;
      const next = node.upgrade === undefined ? undefined : upgrades[node.upgrade];
      const here = held(next ?? before);
      charms.set(node.id, here.charm);
      const deltas = node.deltas.filter((delta) => !seen.has(delta) && seen.add(delta));
      return [
        ...deltas.flatMap((delta) => checkState(delta, { ...held(before), next })),
        ...(next ? checkUpgrade(node, before, next) : []),
        ...checkName(node.event, here),
        ...checkFaults(node.event, here, commands),
      ];
    }),
    ...(definition.fans ?? []).flatMap(({ deltas, parent }) =>
      deltas
        .filter((delta) => !seen.has(delta) && seen.add(delta))
        .flatMap((delta) => checkState(delta, held(charms.get(parent) ?? charm))),
    ),
  ];
}

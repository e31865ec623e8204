/**
 * A definition held against the charm it is about: every endpoint, container, action and config option it names must be
 * there. What Juju would merely not deliver is no mistake: a tree may ask for it, and its node is inconsistent.
 */
import { fitsType } from '../charm/config.ts';
import type { Charm } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import { wordHint } from '../model/yaml-shape.ts';
import type { Definition, DeltaSpec, EventSpec, RootSpec } from './definition.ts';
import { nameEvent } from './event-name.ts';

type Known = { readonly what: string; readonly names: readonly string[]; readonly charm: Charm };

function unknown(name: string, at: Position, { what, names, charm }: Known): readonly Mistake[] {
  if (names.includes(name)) return [];
  const message = `the charm ${charm.name} has no ${what} "${name}"`;
  const hint = names.length > 0 ? wordHint(name, names, 'It has') : `It has no ${what} at all.`;
  return [new Mistake(message, { at, hint })];
}

/** The implicit endpoint juju-info is on every charm and gets no hooks, so it counts as none. */
function endpoints(charm: Charm): Known {
  return { what: 'endpoint', names: Object.keys(charm.endpoints), charm };
}

function containers(charm: Charm): Known {
  return { what: 'container', names: Object.keys(charm.containers), charm };
}

function checkValue(name: string, value: Json, { at, charm }: { at: Position; charm: Charm }) {
  const option = charm.config[name];
  if (!option || value === null || fitsType(value, option.type)) return [];
  const got = JSON.stringify(value);
  const message = `config option ${name} takes ${option.type}, got ${got}`;
  return [new Mistake(message, { at, hint: 'null sets it back to its default.' })];
}

function checkState(spec: RootSpec | DeltaSpec, charm: Charm): readonly Mistake[] {
  const at = (path: string) => spec.places?.[path] ?? spec.at;
  const { config = {}, relations = {}, containers: some = {} } = spec.state;
  const options = { what: 'config option', names: Object.keys(charm.config), charm };
  return [
    ...Object.entries(config).flatMap(([name, value]) => [
      ...unknown(name, at(`config/${name}`), options),
      ...checkValue(name, value, { at: at(`config/${name}`), charm }),
    ]),
    ...Object.keys(relations).flatMap((name) =>
      unknown(name, at(`relations/${name}`), endpoints(charm)),
    ),
    ...Object.keys(some).flatMap((name) =>
      unknown(name, at(`containers/${name}`), containers(charm)),
    ),
  ];
}

function checkEvent({ name, kind, at }: EventSpec, charm: Charm): readonly Mistake[] {
  if (kind === 'action') {
    return unknown(name, at, { what: 'action', names: Object.keys(charm.actions), charm });
  }
  const named = nameEvent(name);
  if (named.kind === 'relation') return unknown(named.endpoint, at, endpoints(charm));
  if (named.kind === 'pebble-ready') return unknown(named.container, at, containers(charm));
  return [];
}

/** What the definition names that the charm does not have, in tree order; empty when all is there. */
export function checkAgainst(definition: Definition, charm: Charm): readonly Mistake[] {
  const seen = new Set<DeltaSpec>();
  const deltas = ({ deltas: all }: { deltas: readonly DeltaSpec[] }) =>
    all.filter((delta) => !seen.has(delta) && seen.add(delta));
  return [
    ...checkState(definition.root, charm),
    ...definition.nodes.flatMap((node) => [
      ...deltas(node).flatMap((delta) => checkState(delta, charm)),
      ...checkEvent(node.event, charm),
    ]),
  ];
}

/**
 * The other side of a relation writes what its interface has it write, given what this side has written: a responder's
 * rules, with their templates filled, laid over the state as a delta is.
 */
import type { Charm } from '../model/charm.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RespondSpec, StateSpec } from '../tree/definition.ts';
import {
  sideFor,
  type AnswerRule,
  type Asked,
  type Responder,
  type ResponderSide,
  type Written,
} from '../tree/responder.ts';
import { RESPONDERS } from '../tree/responders.ts';
import { unitName } from '../world/juju/command.ts';
import type { Relation } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';
import { layState, type Laying } from './lay-state.ts';

export type Responding = Laying & { readonly responders?: readonly Responder[] };

/** Juju writes a unit's addresses into its databag when it enters a relation. Documentation addresses. */
const ADDRESSES = {
  'egress-subnets': '192.0.2.20/32',
  'ingress-address': '192.0.2.20',
  'private-address': '192.0.2.20',
};

function asked({ juju }: State, relation: Relation, digest: Laying['digest']): Asked {
  const unit = Object.keys(relation.units)[0] ?? `${relation.app}/0`;
  return {
    endpoint: relation.endpoint,
    relation: relation.id,
    app: relation.app,
    unit,
    us: juju.app,
    ourUnit: unitName(juju),
    model: juju.model.name,
    ours: { app: relation.localApp, unit: relation.localUnit },
    theirs: { app: relation.remoteApp, unit: relation.units[unit] ?? {} },
    digest,
  };
}

/** What a template may name; undefined for what this side has not written. */
function named(word: string, { ours, ...of }: Asked): string | undefined {
  const [group, ...rest] = word.split('.');
  const key = rest.join('.');
  if (group === 'our') return ours.app[key] ?? ours.unit[key];
  if (group === 'secret') return `secret:${secretName(of, key)}`;
  const words: Readonly<Record<string, string>> = {
    app: of.app,
    unit: of.unit,
    endpoint: of.endpoint,
    relation: String(of.relation),
    model: of.model,
    us: of.us,
    'our-unit': of.ourUnit,
  };
  return words[word];
}

/** One of the same application over another endpoint is another secret. */
function secretName({ app, endpoint }: Pick<Asked, 'app' | 'endpoint'>, name: string): string {
  return `${app}-${endpoint.replaceAll('_', '-')}-${name}`;
}

function filledText(text: string, at: Asked): string {
  return text.replace(/\{\{([a-z0-9._-]+)\}\}/gi, (_, word: string) => named(word, at) ?? '');
}

function filled(value: Json, at: Asked): Json {
  if (typeof value === 'string') return filledText(value, at);
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, at));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [filledText(key, at), filled(member ?? null, at)]),
  );
}

function fits({ when = {}, unless = [] }: AnswerRule, { ours }: Asked): boolean {
  const said = { ...ours.unit, ...ours.app };
  const there = Object.entries(when).every(([key, wanted]) => {
    const value = said[key];
    return value !== undefined && (wanted === true || value.includes(wanted));
  });
  return there && !unless.some((key) => said[key] !== undefined);
}

/** All rules that fit, one over the other. */
function byRules(rules: readonly AnswerRule[], at: Asked): Written {
  const fitting = rules.filter((rule) => fits(rule, at));
  const all = (key: 'data' | 'unit' | 'secrets'): JsonObject =>
    Object.assign({}, ...fitting.map((rule) => filled(rule[key] ?? {}, at)));
  return {
    data: all('data') as NonNullable<Written['data']>,
    unit: all('unit') as NonNullable<Written['unit']>,
    secrets: all('secrets') as NonNullable<Written['secrets']>,
  };
}

function asTexts(values: Readonly<Record<string, Json>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What one relation's other side writes, in the words of a delta; null: nothing. */
function answer(side: ResponderSide, relation: Relation, at: Asked): StateSpec | null {
  const { answers } = side;
  const {
    data,
    unit,
    secrets = {},
  } = Array.isArray(answers) ? byRules(answers, at) : (answers as (asked: Asked) => Written)(at);
  const number = at.unit.split('/')[1] ?? '0';
  const there = Object.hasOwn(relation.units, at.unit);
  const bag = { ...ADDRESSES, ...relation.units[at.unit], ...asTexts(unit) };
  const owned = Object.entries(secrets).map(
    ([name, content]) =>
      [secretName(at, name), { owner: at.app, content, readable: true }] as const,
  );
  return {
    relations: {
      [relation.endpoint]: {
        app: relation.app,
        data: asTexts(data),
        ...(there ? { units: { [number]: bag } } : {}),
      },
    },
    ...(owned.length > 0 ? { secrets: Object.fromEntries(owned) } : {}),
  };
}

function sideOf(endpoint: string, charm: Charm, own: readonly Responder[]) {
  const declared = charm.endpoints[endpoint];
  return declared && sideFor([...own, ...RESPONDERS], declared);
}

/** The state with the answers of these endpoints' other sides. */
export function layResponses(
  state: State,
  specs: Readonly<Record<string, RespondSpec>>,
  using: Responding,
): State {
  const { charm, digest, responders = [] } = using;
  let current = state;
  for (const [endpoint, { app }] of Object.entries(specs)) {
    const side = sideOf(endpoint, charm, responders);
    const relations = Object.values(current.juju.relations).filter(
      (one) => one.endpoint === endpoint && (app === undefined || one.app === app),
    );
    for (const relation of side ? relations : []) {
      const spec = side && answer(side, relation, asked(current, relation, digest));
      if (spec) current = layState(current, spec, using);
    }
  }
  return current;
}

/** Endpoints of the charm whose other side is known to answer, any application of it. */
export function answering(
  charm: Charm,
  own: readonly Responder[] = [],
): Readonly<Record<string, RespondSpec>> {
  const all = Object.keys(charm.endpoints).filter((name) => sideOf(name, charm, own));
  return Object.fromEntries(all.sort().map((name) => [name, {}]));
}

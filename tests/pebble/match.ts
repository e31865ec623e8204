/**
 * Compares an answer with a recorded one: whole texts and types, placeholders matched and bound to
 * what they meet.
 */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { filled, type Step } from './transcript.ts';

export type Difference = {
  readonly at: string;
  readonly wanted: Json | undefined;
  readonly got: Json | undefined;
};
export type Matcher = { readonly bound: Map<string, Json> };

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;
const FREE: Readonly<Record<string, string>> = {
  time: TIME,
  random: '[A-Za-z0-9]{6,}',
  boundary: String.raw`[^\s;"]+`,
};
const CONSTANT: Readonly<Record<string, string>> = {
  'boot-id': '[0-9a-f-]{36}',
  version: String.raw`\S+`,
  user: String.raw`[^\s"]+`,
  group: String.raw`[^\s"]+`,
  home: String.raw`/[^\s":]*`,
  path: String.raw`/[^\s"]*`,
  'pebble-dir': String.raw`/[^\s":]*`,
};
const PLACEHOLDER =
  /<(time|random|boundary|boot-id|version|user|group|uid|gid|home|path|pebble-dir)>/g;

function textMatches(matcher: Matcher, wanted: string, got: string): boolean {
  const groups: string[] = [];
  let end = 0;
  let source = '';
  for (const place of wanted.matchAll(PLACEHOLDER)) {
    const name = place[1]!;
    source += RegExp.escape(wanted.slice(end, place.index));
    end = place.index + place[0].length;
    const known = matcher.bound.get(name);
    if (typeof known === 'string') source += RegExp.escape(known);
    else if (FREE[name] !== undefined) source += FREE[name];
    else {
      groups.push(name);
      source += `(${CONSTANT[name] ?? String.raw`\d+`})`;
    }
  }
  const found = new RegExp(`^${source}${RegExp.escape(wanted.slice(end))}$`).exec(got);
  groups.forEach((name, index) => found && matcher.bound.set(name, found[index + 1]!));
  return found !== null;
}

function scalarMatches(matcher: Matcher, wanted: Json | undefined, got: Json | undefined): boolean {
  if (typeof wanted !== 'string') return wanted === got;
  if (INSTANT.test(wanted)) return typeof got === 'string' && new RegExp(`^${TIME}$`).test(got);
  if (wanted === '<uid>' || wanted === '<gid>') {
    if (typeof got !== 'number') return false;
    const known = matcher.bound.get(wanted) ?? got;
    matcher.bound.set(wanted, known);
    return known === got;
  }
  return typeof got === 'string' && textMatches(matcher, wanted, got);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const INSTANT = /^<time:(\d+)>$/;

/** Fractions of a second count as far as they go. */
function nanoseconds(text: string): number {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = Date.parse(text.replace(/\.\d+/, '')) / 1000;
  // Of one recording: seconds since its day began are few enough to count exactly.
  return (seconds % 86_400) * 1e9 + Number(fraction.padEnd(9, '0'));
}

/** Equal numbers are equal instants, a larger number is a later one. */
function instantsMatch(wanted: JsonObject, got: JsonObject): boolean {
  const instants = Object.keys(wanted).flatMap((key): [number, number][] => {
    const number = INSTANT.exec(String(wanted[key]))?.[1];
    return number === undefined ? [] : [[Number(number), nanoseconds(String(got[key]))]];
  });
  return instants.every(([a, at]) =>
    instants.every(([b, then]) => Math.sign(a - b) === Math.sign(at - then)),
  );
}

type Pair = {
  readonly wanted: Json | undefined;
  readonly got: Json | undefined;
  readonly at: string;
};

function compare(matcher: Matcher, { wanted, got, at }: Pair, step: Step): Difference | null {
  if (step.ignore?.some((pointer) => at === `/json${pointer}`)) return null;
  if (isObject(wanted) && isObject(got)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(got)]);
    // The recorder's daemon had this variable.
    if (at.endsWith('/environment') && !Object.hasOwn(got, 'PEBBLE')) keys.delete('PEBBLE');
    for (const key of keys) {
      const found = compare(
        matcher,
        { wanted: wanted[key], got: got[key], at: `${at}/${key}` },
        step,
      );
      if (found) return found;
    }
    return instantsMatch(wanted, got) ? null : { at, wanted, got };
  }
  if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length) {
    const items = wanted as readonly Json[];
    for (const [index, item] of items.entries()) {
      const found = compare(
        matcher,
        { wanted: item, got: got[index] as Json, at: `${at}/${index}` },
        step,
      );
      if (found) return found;
    }
    return null;
  }
  return scalarMatches(matcher, wanted, got) ? null : { at, wanted, got };
}

/** The first difference, or null. */
export function difference(matcher: Matcher, step: Step, got: JsonObject): Difference | null {
  const before = new Map(matcher.bound);
  const found = compare(matcher, { wanted: filled(step.response), got, at: '' }, step);
  if (found) {
    matcher.bound.clear();
    for (const [name, value] of before) matcher.bound.set(name, value);
  }
  return found;
}

/** What a rule about an event looks at, and what several rules ask of it. */
import type { Charm } from '../../../model/charm.ts';
import type { Event, LifecycleEvent, RelationEvent } from '../../../model/event.ts';
import { stableText } from '../../../model/json.ts';
import type { Found, Rule } from '../../../model/rule.ts';
import type { JujuSlice, Relation } from '../slice.ts';
import { versionNumbers } from '../version.ts';

export type At<Kind extends Event['kind'] = Event['kind']> = {
  readonly slice: JujuSlice;
  readonly event: Extract<Event, { kind: Kind }>;
  readonly charm: Charm;
};
export type EventRule = Rule<At>;
type Check<Kind extends Event['kind']> = (at: At<Kind>) => Found | readonly Found[] | null;

/** A check of events of one kind; it has nothing against others. */
export function of<Kind extends Event['kind']>(
  kind: Kind,
  check: Check<Kind>,
): Check<Event['kind']> {
  return (at) => (at.event.kind === kind ? check(at as unknown as At<Kind>) : null);
}

export function isNamed(event: Event, ...names: LifecycleEvent['name'][]): boolean {
  return event.kind === 'lifecycle' && names.includes(event.name);
}

/** Whether all that has happened to the unit is known, so that what is not noted has not happened. */
export function isKnown({ slice }: Pick<At, 'slice'>): boolean {
  return slice.stage.history === 'known';
}

/** What to add for a unit that has not started. */
export function startHint({ slice }: Pick<At, 'slice'>): string {
  const { configured } = slice.stage;
  return configured ? 'add start before it' : 'add config-changed and start before it';
}

/** The hook that failed, or was cut off, run again. */
export function isRetry({ slice, event }: Pick<At, 'slice' | 'event'>): boolean {
  return slice.failed !== null && stableText(slice.failed) === stableText(event);
}

export function keyOf(event: RelationEvent): string {
  return `${event.endpoint}:${event.relation}`;
}

export function relationOf({ slice, event }: At<'relation'>): Relation | undefined {
  return slice.relations[keyOf(event)];
}

export function isPeer({ charm }: Pick<At, 'charm'>, endpoint: string): boolean {
  return charm.endpoints[endpoint]?.role === 'peers';
}

/**
 * Whether a remote unit is a member: it has joined and not departed. `unknown`: it was there before the tree began,
 * and no event has told yet.
 */
export function membership(slice: JujuSlice, key: string, unit: string): 'yes' | 'no' | 'unknown' {
  const { history, seen, joined } = slice.stage;
  if (history === 'unknown') {
    const here = Object.hasOwn(slice.relations[key]?.units ?? {}, unit);
    if (!seen) return joined[key] ? yesNo(joined[key][unit]) : 'unknown';
    const units = seen.relations[key];
    const noted = units?.[unit];
    // One that is not here may have left before the tree began; one that is has come since.
    if (units) return noted ? NOTED[noted] : here ? 'no' : 'unknown';
  }
  return yesNo(joined[key]?.[unit]);
}

const NOTED = { member: 'yes', unknown: 'unknown', gone: 'no' } as const;

function yesNo(is: true | undefined): 'yes' | 'no' {
  return is ? 'yes' : 'no';
}

/** Whether relation-created has run: `unknown` for a relation that was there before the tree began. */
export function creation(slice: JujuSlice, key: string): 'yes' | 'no' | 'unknown' {
  const { history, seen, created } = slice.stage;
  if (created[key]) return 'yes';
  if (history === 'known') return 'no';
  return !seen || seen.relations[key] ? 'unknown' : 'no';
}

/** Members of a relation that are surely there, those whose unit is gone already among them. */
export function sureMembers(slice: JujuSlice, key: string): readonly string[] {
  const { joined, seen } = slice.stage;
  const noted = { ...joined[key], ...seen?.relations[key] };
  return Object.keys(noted)
    .filter((unit) => membership(slice, key, unit) === 'yes')
    .sort();
}

/** Whether the unit's Juju is at least this one. */
export function isSince(slice: JujuSlice, major: number, minor = 0, patch = 0): boolean {
  const [a, b, c] = versionNumbers(slice.version);
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const [last = '', ...others] = [...words].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}

/** The names there are, for a hint: `It has db and web.` */
export function having(names: readonly string[], none: string): string {
  return names.length === 0 ? none : `It has ${listed([...names].sort())}.`;
}

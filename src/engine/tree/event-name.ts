/**
 * What an event's name says about it, without a charm: its kind, or why it cannot be played.
 * Source: juju internal/charm/hooks (every kind there is); ops.charm for the events that only the framework emits.
 */
import {
  CHECK_TURNS,
  LIFECYCLE,
  RELATION_PHASES,
  SECRET_HAPPENINGS,
  STORAGE_PHASES,
  type CheckEvent,
  type LifecycleEvent,
  type RelationEvent,
  type SecretEvent,
  type StorageEvent,
} from '../model/event.ts';
import { nearest } from '../model/nearest.ts';
import type { EventOption } from './words.ts';

export type NamedEvent =
  | { readonly kind: 'lifecycle'; readonly name: LifecycleEvent['name'] }
  | {
      readonly kind: 'relation';
      readonly endpoint: string;
      readonly phase: RelationEvent['phase'];
    }
  | { readonly kind: 'storage'; readonly storage: string; readonly phase: StorageEvent['phase'] }
  | { readonly kind: 'secret'; readonly happening: SecretEvent['happening'] }
  | { readonly kind: 'pebble-ready'; readonly container: string }
  | { readonly kind: 'pebble-notice'; readonly container: string }
  | {
      readonly kind: 'pebble-check';
      readonly container: string;
      readonly turned: CheckEvent['turned'];
    }
  /** An event that no Juju of today sends. */
  | { readonly kind: 'gone' }
  /** An event that a framework emits by itself within a dispatch. */
  | { readonly kind: 'framework' }
  | { readonly kind: 'unknown'; readonly hint: string };

const GONE_NAMES = ['collect-metrics', 'leader-deposed', 'meter-status-changed'];
const FRAMEWORK_NAMES = ['collect-app-status', 'collect-unit-status', 'commit', 'pre-commit'];
const SECRET_NAMES = SECRET_HAPPENINGS.map((happening) => `secret-${happening}`);

/** What events about an endpoint, a storage or a container end with, and what they are then. */
export const EVENT_ENDINGS: readonly (readonly [
  ending: string,
  event: (before: string) => NamedEvent,
])[] = [
  ...RELATION_PHASES.map(
    (phase) =>
      [
        `relation-${phase}`,
        (endpoint: string): NamedEvent => ({ kind: 'relation', endpoint, phase }),
      ] as const,
  ),
  ...STORAGE_PHASES.map(
    (phase) =>
      [
        `storage-${phase}`,
        (storage: string): NamedEvent => ({ kind: 'storage', storage, phase }),
      ] as const,
  ),
  ['pebble-ready', (container) => ({ kind: 'pebble-ready', container })],
  ['pebble-custom-notice', (container) => ({ kind: 'pebble-notice', container })],
  ...CHECK_TURNS.map(
    (turned) =>
      [
        `pebble-check-${turned}`,
        (container: string): NamedEvent => ({ kind: 'pebble-check', container, turned }),
      ] as const,
  ),
];
/** Names of events that are about the unit as a whole, or about a secret. */
export const EVENT_NAMES: readonly string[] = [...LIFECYCLE, ...SECRET_NAMES];

/** `db` of `db-relation-changed`, when the name ends so and something stands before. */
function before(name: string, ending: string): string | undefined {
  return name.endsWith(`-${ending}`) && name.length > ending.length + 1
    ? name.slice(0, -ending.length - 1)
    : undefined;
}

/** An ending that the name comes close to, put right: `db-relation-chnaged` gives `db-relation-changed`. */
function mended(name: string): string | undefined {
  const words = name.split('-');
  const ends = EVENT_ENDINGS.map(([ending]) => ending);
  for (const count of [2, 3]) {
    if (words.length <= count) continue;
    const end = nearest(words.slice(-count).join('-'), ends);
    if (end !== undefined) return [...words.slice(0, -count), end].join('-');
  }
  return nearest(name, EVENT_NAMES);
}

function unknown(name: string): NamedEvent {
  const underscored = name.replaceAll('_', '-');
  const other = underscored === name ? undefined : nameEvent(underscored);
  const better = other && other.kind !== 'unknown' ? underscored : mended(name);
  const hint = better
    ? `Did you mean "${better}"?`
    : `An event is one of ${EVENT_NAMES.join(', ')}, ENDPOINT-relation-PHASE, STORAGE-storage-PHASE, ` +
      'CONTAINER-pebble-ready or another of its events; an action is written "run: NAME".';
  return { kind: 'unknown', hint };
}

/** What the name of an event says. */
export function nameEvent(name: string): NamedEvent {
  const lifecycle = LIFECYCLE.find((known) => known === name);
  if (lifecycle) return { kind: 'lifecycle', name: lifecycle };
  const happening = SECRET_HAPPENINGS.find((known) => name === `secret-${known}`);
  if (happening) return { kind: 'secret', happening };
  for (const [ending, event] of EVENT_ENDINGS) {
    const about = before(name, ending);
    if (about !== undefined) return event(about);
  }
  if (GONE_NAMES.includes(name)) return { kind: 'gone' };
  if (FRAMEWORK_NAMES.includes(name.replaceAll('_', '-'))) return { kind: 'framework' };
  return unknown(name);
}

/** What may be said of an event of this name, besides what may be said of every event. */
export function optionsOf(named: NamedEvent): readonly EventOption[] {
  switch (named.kind) {
    case 'relation':
      return named.phase === 'departed' ? ['app', 'unit', 'departing'] : ['app', 'unit'];
    case 'storage':
      return ['index'];
    case 'secret':
      return ['expired', 'remove'].includes(named.happening) ? ['secret', 'revision'] : ['secret'];
    case 'pebble-notice':
      return ['notice'];
    case 'pebble-check':
      return ['check'];
    case 'lifecycle':
      return named.name === 'pre-series-upgrade' ? ['target'] : [];
    case 'pebble-ready':
    case 'gone':
    case 'framework':
    case 'unknown':
      return [];
  }
}

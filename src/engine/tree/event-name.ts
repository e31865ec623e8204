/**
 * What an event's name says about it, without a charm: its kind, or why it cannot be played.
 * Source: juju internal/charm/hooks (every kind there is); ops.charm for the events that only the framework emits.
 */
import { LIFECYCLE, RELATION_PHASES } from '../model/event.ts';
import { nearest } from '../model/nearest.ts';

export type NamedEvent =
  | { readonly kind: 'lifecycle' }
  | { readonly kind: 'relation'; readonly endpoint: string }
  | { readonly kind: 'pebble-ready'; readonly container: string }
  /** A real event of Juju that is not simulated yet. */
  | { readonly kind: 'later' }
  /** An event that a framework emits by itself within a dispatch. */
  | { readonly kind: 'framework' }
  | { readonly kind: 'unknown'; readonly hint: string };

const LATER_NAMES = [
  'collect-metrics',
  'leader-deposed',
  'leader-settings-changed',
  'meter-status-changed',
  'post-series-upgrade',
  'pre-series-upgrade',
  'secret-changed',
  'secret-expired',
  'secret-remove',
  'secret-rotate',
];
const LATER_ENDINGS = [
  'storage-attached',
  'storage-detaching',
  'pebble-custom-notice',
  'pebble-check-failed',
  'pebble-check-recovered',
];
const FRAMEWORK_NAMES = ['collect-app-status', 'collect-unit-status', 'commit', 'pre-commit'];
const PLAYED_ENDINGS = [...RELATION_PHASES.map((phase) => `relation-${phase}`), 'pebble-ready'];

/** `db` of `db-relation-changed`, when the name ends so and something stands before. */
function before(name: string, ending: string): string | undefined {
  return name.endsWith(`-${ending}`) && name.length > ending.length + 1
    ? name.slice(0, -ending.length - 1)
    : undefined;
}

/** An ending that the name comes close to, put right: `db-relation-chnaged` gives `db-relation-changed`. */
function mended(name: string): string | undefined {
  const words = name.split('-');
  const ends = [...PLAYED_ENDINGS, ...LATER_ENDINGS];
  for (const count of [2, 3]) {
    if (words.length <= count) continue;
    const end = nearest(words.slice(-count).join('-'), ends);
    if (end !== undefined) return [...words.slice(0, -count), end].join('-');
  }
  return nearest(name, [...LIFECYCLE, ...LATER_NAMES]);
}

function unknown(name: string): NamedEvent {
  const underscored = name.replaceAll('_', '-');
  const other = underscored === name ? undefined : nameEvent(underscored);
  const better = other && other.kind !== 'unknown' ? underscored : mended(name);
  const hint = better
    ? `Did you mean "${better}"?`
    : `An event is one of ${LIFECYCLE.join(', ')}, ENDPOINT-relation-PHASE or ` +
      'CONTAINER-pebble-ready; an action is written "run: NAME".';
  return { kind: 'unknown', hint };
}

/** What the name of an event says. */
export function nameEvent(name: string): NamedEvent {
  if (LIFECYCLE.some((known) => known === name)) return { kind: 'lifecycle' };
  for (const phase of RELATION_PHASES) {
    const endpoint = before(name, `relation-${phase}`);
    if (endpoint !== undefined) return { kind: 'relation', endpoint };
  }
  const container = before(name, 'pebble-ready');
  if (container !== undefined) return { kind: 'pebble-ready', container };
  const later = LATER_ENDINGS.some((ending) => before(name, ending) !== undefined);
  if (later || LATER_NAMES.includes(name)) return { kind: 'later' };
  if (FRAMEWORK_NAMES.includes(name.replaceAll('_', '-'))) return { kind: 'framework' };
  return unknown(name);
}

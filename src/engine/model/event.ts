/**
 * An event that Juju delivers to a unit, with what the hook context needs to tell about it.
 * Source: juju internal/charm/hooks (kinds) and the hook reference of its documentation.
 * Not modelled yet: storage, secret, notice, check and series events.
 */
import type { JsonObject } from './json.ts';

export const LIFECYCLE = [
  'install',
  'start',
  'stop',
  'remove',
  'config-changed',
  'update-status',
  'upgrade-charm',
  'leader-elected',
] as const;
export const RELATION_PHASES = ['created', 'joined', 'changed', 'departed', 'broken'] as const;

export type RelationEvent = {
  readonly kind: 'relation';
  readonly endpoint: string;
  readonly phase: (typeof RELATION_PHASES)[number];
  /** Juju's numeric relation id. */
  readonly relation: number;
  readonly app: string;
  /** The remote unit; absent for created, broken and an application's changed. */
  readonly unit?: string;
  readonly departing?: string;
};
export type Event =
  | { readonly kind: 'lifecycle'; readonly name: (typeof LIFECYCLE)[number] }
  | RelationEvent
  | { readonly kind: 'pebble-ready'; readonly container: string }
  | { readonly kind: 'action'; readonly name: string; readonly params: JsonObject };

/** The name Juju gives the hook or action: `config-changed`, `db-relation-joined`, `web-pebble-ready`, `backup`. */
export function eventName(event: Event): string {
  switch (event.kind) {
    case 'lifecycle':
    case 'action':
      return event.name;
    case 'relation':
      return `${event.endpoint}-relation-${event.phase}`;
    case 'pebble-ready':
      return `${event.container}-pebble-ready`;
  }
}

/**
 * An event that Juju delivers to a unit, with what the hook context needs to tell about it.
 * Source: juju internal/charm/hooks (kinds) and the hook reference of its documentation.
 * Not modelled: collect-metrics, meter-status-changed (nothing of Juju 3.6 or later sends them), leader-deposed (never
 * sent), the hooks of commands run by juju-exec.
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
  'leader-settings-changed',
  'pre-series-upgrade',
  'post-series-upgrade',
] as const;
export const RELATION_PHASES = ['created', 'joined', 'changed', 'departed', 'broken'] as const;
export const STORAGE_PHASES = ['attached', 'detaching'] as const;
export const SECRET_HAPPENINGS = ['changed', 'rotate', 'expired', 'remove'] as const;
export const CHECK_TURNS = ['failed', 'recovered'] as const;

export type LifecycleEvent = {
  readonly kind: 'lifecycle';
  readonly name: (typeof LIFECYCLE)[number];
  /** Of pre-series-upgrade: the base the machine is upgraded to, `ubuntu@24.04/stable`. */
  readonly target?: string;
};
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
export type StorageEvent = {
  readonly kind: 'storage';
  /** The storage as metadata names it, and the instance: `data`, `data/0`. */
  readonly storage: string;
  readonly id: string;
  readonly phase: (typeof STORAGE_PHASES)[number];
};
export type SecretEvent = {
  readonly kind: 'secret';
  readonly happening: (typeof SECRET_HAPPENINGS)[number];
  /** Without `secret:`. */
  readonly secret: string;
  /** What this unit, or its application, calls it; empty when it has no label. */
  readonly label: string;
  /** Of expired and remove. */
  readonly revision?: number;
};
export type NoticeEvent = {
  readonly kind: 'pebble-notice';
  readonly container: string;
  readonly id: string;
  readonly type: string;
  readonly key: string;
};
export type CheckEvent = {
  readonly kind: 'pebble-check';
  readonly container: string;
  readonly check: string;
  readonly turned: (typeof CHECK_TURNS)[number];
};
export type Event =
  | LifecycleEvent
  | RelationEvent
  | StorageEvent
  | SecretEvent
  | { readonly kind: 'pebble-ready'; readonly container: string }
  | NoticeEvent
  | CheckEvent
  | { readonly kind: 'action'; readonly name: string; readonly params: JsonObject };

/** The name Juju gives the hook or action: `config-changed`, `db-relation-joined`, `web-pebble-ready`, `backup`. */
export function eventName(event: Event): string {
  switch (event.kind) {
    case 'lifecycle':
    case 'action':
      return event.name;
    case 'relation':
      return `${event.endpoint}-relation-${event.phase}`;
    case 'storage':
      return `${event.storage}-storage-${event.phase}`;
    case 'secret':
      return `secret-${event.happening}`;
    case 'pebble-ready':
      return `${event.container}-pebble-ready`;
    case 'pebble-notice':
      return `${event.container}-pebble-custom-notice`;
    case 'pebble-check':
      return `${event.container}-pebble-check-${event.turned}`;
  }
}

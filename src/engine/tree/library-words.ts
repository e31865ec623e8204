/** The words of steps that stand for several: `use`, `each`, `matrix` and `fan-out`. */

/** What may be said of an entry of the library besides its parameters: of its last event. */
export const USE_KEYS = ['as', 'title', 'about', 'expect'] as const;
export const MATRIX_KEYS = ['of', 'steps', 'except'] as const;
export const FAN_OUT_KEYS = ['depth', 'only', 'except', 'merge', 'most', 'name', 'about'] as const;
/** Kinds of events that a fan-out may be restricted to. */
export const EVENT_KINDS = [
  'lifecycle',
  'relations',
  'storage',
  'secrets',
  'containers',
  'actions',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
/** Steps of several keys: `{use: relation-life, endpoint: db}`. */
export const USE = 'use';

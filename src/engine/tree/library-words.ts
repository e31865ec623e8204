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
/** Steps with words of their own, and what each is for. */
export const LIBRARY_STEPS = {
  'fan-out': 'Every event that Juju could deliver from here, one after another if that is said.',
  each: 'Traces that part from here by their events.',
  matrix: 'A branch for each combination of choices, such as of configs and startups.',
} as const;
/** A file of a project's own library. */
export const LIBRARY_KEYS = ['entries', 'responders'] as const;
export const ENTRY_KEYS = ['about', 'parameters', 'steps'] as const;
export const PARAMETER_KEYS = ['about', 'type', 'of', 'words', 'default'] as const;
export const PARAMETER_TYPES = ['text', 'flag', 'whole', 'names', 'any'] as const;
export const PARAMETER_OF = [
  'endpoint',
  'container',
  'storage',
  'action',
  'config option',
] as const;
export const RESPONDER_KEYS = ['about', 'source', 'provides', 'requires'] as const;
export const SIDE_KEYS = ['app', 'about', 'answers'] as const;
export const ANSWER_KEYS = ['when', 'unless', 'data', 'unit', 'secrets'] as const;

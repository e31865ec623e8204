/** Roots that have a name. What each stands for depends on the charm, so playing resolves them. */

export const LIBRARY_ROOTS: Readonly<Record<string, string>> = {
  empty: 'A unit that has just been placed: nothing has happened to it.',
  leader: 'The unit leads its application.',
  containers: 'Every workload container of the charm is there; no Pebble answers yet.',
  'containers-ready': 'Every workload container of the charm is there and its Pebble answers.',
  related:
    'Every endpoint of the charm has a relation with one unit, which has written what it writes unasked.',
};
/** Names that a root may use; `null` is another word for `empty`. */
export const ROOT_NAMES: readonly string[] = [...Object.keys(LIBRARY_ROOTS), 'null'];

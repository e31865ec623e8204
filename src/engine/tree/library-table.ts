/** Every entry of the library, once: what `use:` knows, and what a page or a command lists. */
import { LIFE } from './library-life.ts';
import type { LibraryEntry } from './library-entry.ts';
import { NODES } from './library-nodes.ts';
import { RELATIONS } from './library-relations.ts';
import { VALUES } from './library-values.ts';

export const LIBRARY: readonly LibraryEntry[] = [...NODES, ...LIFE, ...RELATIONS, ...VALUES];

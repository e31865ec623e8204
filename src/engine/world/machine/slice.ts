/** The unit's machine. Modelled here: the charm directory. Not modelled yet: packages and services. */
import type { Changes } from '../../files/tree.ts';
import type { Json } from '../../model/json.ts';

export type MachineSlice = {
  /** What the charm's runs changed against its source. */
  readonly charmDir: Changes;
  /** Databases in the charm directory as decoded rows, by path; two databases are equal when these are. */
  readonly databases: Readonly<Record<string, Json>>;
};

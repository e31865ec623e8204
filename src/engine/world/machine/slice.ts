/** The unit's machine. Modelled here: the charm directory. Not modelled yet: packages and services. */
import type { Changes } from '../../files/tree.ts';
import type { Json } from '../../model/json.ts';
import type { PackagesPart } from './package-slice.ts';
import type { SnapsPart } from './snap-slice.ts';
import type { UnitsPart } from './unit-slice.ts';

export type MachineBase = 'ubuntu@22.04' | 'ubuntu@24.04';

/** The listing of a root in the store, and what it comes to; `host`: it is of the machine that played. */
export type GivenRoot = {
  readonly digest: string;
  readonly files: number;
  readonly size: number;
  readonly host?: true;
};

export type MachineSlice = UnitsPart &
  PackagesPart &
  SnapsPart & {
    /** The release that the machine was made of. Absent: no word of it was said, and nothing asks. */
    readonly base?: MachineBase;
    /** What lies over the files of the release when the machine begins. */
    readonly given?: GivenRoot;
    /** What /proc and Python tell of the machine. */
    readonly cpus: number;
    readonly memoryMiB: number;
    /** What the charm's runs changed against its source. */
    readonly charmDir: Changes;
    /**
     * What was changed of the machine's root, over its base: by the charm, by programs it called. Absent: nothing.
     * Owners are ids as text, names where every Ubuntu has them alike.
     */
    readonly root?: Changes;
    /** What is in folders outside of it that are kept, by location: storage. Each began empty. */
    readonly folders: Readonly<Record<string, Changes>>;
    /** Databases in the charm directory as decoded rows, by path; two databases are equal when these are. */
    readonly databases: Readonly<Record<string, Json>>;
  };

/** A database's digest in a record: its bytes differ between versions of SQLite, its rows do not. */
export const DATABASE_DIGEST = 'rows';

/** What a tree says of the unit's machine: its release, units, files, processes, and how programs on it behave. */
import type { ContainerFileSpec, ExecSpec, ReadImage } from './definition.ts';

/**
 * A unit that the machine has, or what becomes of one. Durations as written: `1.5s`. `needs`: by path, a text without
 * which it cannot be started. `text`: the whole of its file; else one is made of the other words.
 */
export type UnitSpec = {
  readonly description?: string;
  readonly command?: string;
  readonly text?: string;
  readonly type?: string;
  readonly user?: string;
  readonly reload?: boolean;
  readonly enabled?: boolean;
  readonly active?: 'active' | 'inactive' | 'failed';
  readonly exits?: number | string;
  readonly after?: string;
  readonly slow?: string;
  readonly output?: string;
  readonly listens?: readonly string[];
  readonly pidFile?: string;
  readonly needs?: Readonly<Record<string, string>>;
};
/** A process that is no unit's. Without a pid it gets the next one. */
export type ProcessSpec = {
  readonly command: string;
  readonly pid?: number;
  readonly user?: string;
  readonly listens?: readonly string[];
};
type ReleaseSpec = 'ubuntu@22.04' | 'ubuntu@24.04';
/** `root`: a folder or an archive, relative to the tree file. `host`: the root of the machine that plays. */
export type BaseSpec = ReleaseSpec | 'host' | { readonly root: string };
/** What a root held once it was read; `release`: the one that it says it is of. */
export type ReadRoot = ReadImage & { readonly release?: ReleaseSpec };
/** The words of `machine:` that are about what runs on it. */
export type MachineRunsSpec = {
  readonly base?: BaseSpec;
  /** The root of `base`, read. */
  readonly given?: ReadRoot;
  /** By name; null takes one away. */
  readonly units?: Readonly<Record<string, UnitSpec | null>>;
  /** Of a delta: before what was said. null forgets all of it. */
  readonly exec?: readonly ExecSpec[] | null;
  readonly files?: Readonly<Record<string, ContainerFileSpec | null>>;
  /** null ends all that are no unit's. */
  readonly processes?: readonly ProcessSpec[] | null;
};

/** What a tree says of packages and snaps that a machine may have. */
import type { ContainerFileSpec, ExecSpec } from './definition.ts';
import type { UnitSpec } from './machine-spec.ts';

/** A user that a package makes, with a group of the same name. */
export type PackageUserSpec = {
  readonly home?: string;
  readonly shell?: string;
  readonly comment?: string;
  readonly groups?: readonly string[];
};
/**
 * A package as archives offer it. `versions`: others besides `version`. `source`: a part of the address of the source
 * it comes from; absent: Ubuntu's archive. `installed`: it is there from the beginning.
 */
export type PackageSpec = {
  readonly version?: string;
  readonly versions?: readonly string[];
  readonly arch?: 'amd64' | 'all';
  readonly description?: string;
  readonly depends?: readonly string[];
  readonly recommends?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly provides?: readonly string[];
  readonly files?: Readonly<Record<string, ContainerFileSpec>>;
  readonly conffiles?: readonly string[];
  readonly units?: Readonly<Record<string, UnitSpec>>;
  readonly users?: Readonly<Record<string, PackageUserSpec>>;
  readonly commands?: readonly ExecSpec[];
  readonly source?: string;
  readonly installed?: boolean;
};
export type SnapReleaseSpec = { readonly version: string; readonly revision: number };
export type SnapSpec = {
  /** By track and risk: `latest/stable`. */
  readonly channels?: Readonly<Record<string, SnapReleaseSpec>>;
  readonly confinement?: 'strict' | 'classic' | 'devmode';
  readonly publisher?: string;
  readonly summary?: string;
  readonly services?: Readonly<Record<string, UnitSpec>>;
  readonly commands?: readonly ExecSpec[];
  /** Interfaces by plug. */
  readonly plugs?: Readonly<Record<string, string>>;
  /** The channel that it is installed from, from the beginning. */
  readonly installed?: string;
};
/** The words of `machine:` that are about packages. null: there is none of the name. */
export type MachinePackagesSpec = {
  readonly packages?: Readonly<Record<string, string | PackageSpec | null>>;
  readonly snaps?: Readonly<Record<string, SnapSpec | null>>;
  readonly offline?: boolean;
};

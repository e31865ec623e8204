/**
 * What a machine's package database and archives hold, as far as a tree or a charm changed it. The base's own packages
 * are in packages-22-04.ts and its like.
 * Source: deb-control(5), dpkg(1) (states and selections of packages).
 * Not modelled: other architectures than amd64, triggers, maintainer scripts beyond users and services.
 */
import type { ProgramCallRule } from '../../model/exec-rule.ts';
import type { UnitProgram } from './unit-slice.ts';

/** A file that a package brings. Owners are names; absent: root. */
export type PackageFile =
  | {
      readonly digest: string;
      readonly size: number;
      readonly mode: number;
      readonly user?: string;
      readonly group?: string;
    }
  | { readonly target: string };
/** A service of a package's. `text`: its unit file, when the tree gives it whole. */
export type PackageUnit = UnitProgram & {
  readonly command?: string;
  readonly text?: string;
  readonly type?: string;
  readonly user?: string;
  readonly description?: string;
  /** Absent: true, as Debian's packages do. */
  readonly enabled?: boolean;
  readonly started?: boolean;
};
/** A user of the system's with a group of the same name. */
export type PackageUser = {
  readonly home?: string;
  readonly shell?: string;
  readonly comment?: string;
  /** Others that it is a member of. */
  readonly groups?: readonly string[];
};
/** One version of a package. Relations are as a control file has them: `libc6 (>= 2.34), a | b`. */
export type Package = {
  readonly version: string;
  readonly arch: 'amd64' | 'all';
  readonly section?: string;
  readonly priority?: string;
  readonly essential?: true;
  /** The summary; further lines are the rest. */
  readonly description: string;
  readonly depends?: string;
  readonly recommends?: string;
  readonly conflicts?: string;
  readonly provides?: string;
  /** By absolute path. */
  readonly files?: Readonly<Record<string, PackageFile>>;
  /** Of the files, those that an administrator may change: what is below /etc, unless said otherwise. */
  readonly conffiles?: readonly string[];
  readonly units?: Readonly<Record<string, PackageUnit>>;
  readonly users?: Readonly<Record<string, PackageUser>>;
  /** What its programs do. */
  readonly commands?: readonly ProgramCallRule[];
  /** A part of the address of the source it comes from; absent: Ubuntu's own archive. */
  readonly source?: string;
};
/**
 * `unpacked`: it waits to be configured. `config-files`: removed, its conffiles are still there. `kept`: conffiles that
 * are not the package's, by path: the digest of the package's own. `local`: it came as a file.
 */
export type InstalledPackage = Package & {
  readonly state: 'installed' | 'unpacked' | 'config-files';
  readonly auto?: true;
  readonly held?: true;
};
export type PackagesPart = {
  /** Against the base's own, by name. null: what the base has is gone. */
  readonly packages?: Readonly<Record<string, InstalledPackage | null>>;
  /** What archives have, by name, the latest version first. Empty: not even the base's own. */
  readonly archive?: Readonly<Record<string, readonly Package[]>>;
  /** Addresses of the sources that were there when lists were last fetched. Absent: the base's. */
  readonly lists?: readonly string[];
  /** No archive and no store can be reached. */
  readonly offline?: true;
  /** Answers to questions that packages ask, by package and question. */
  readonly answers?: Readonly<Record<string, string>>;
};

/**
 * Snaps: what the store offers, what is installed, from which channel, with which configuration.
 * Source: snapd's documentation of channels, services, configuration and interfaces (snapcraft.io/docs).
 * Not modelled: bases and snapd as snaps of their own, hooks, snapshots, parallel instances.
 */
import type { ProgramCallRule } from '../../model/exec-rule.ts';
import type { Json } from '../../model/json.ts';
import type { PackageUnit } from './package-slice.ts';

export type SnapRelease = { readonly version: string; readonly revision: number };
export type OfferedSnap = {
  /** By track and risk: `latest/stable`. */
  readonly channels: Readonly<Record<string, SnapRelease>>;
  readonly confinement: 'strict' | 'classic' | 'devmode';
  readonly publisher: string;
  readonly summary: string;
  /** Its services by name, as those of packages. */
  readonly services?: Readonly<Record<string, PackageUnit>>;
  /** What its programs do, by the names they have on PATH. */
  readonly commands?: readonly ProgramCallRule[];
  /** Interfaces by the name of a plug or slot. */
  readonly plugs?: Readonly<Record<string, string>>;
  readonly slots?: Readonly<Record<string, string>>;
};
export type InstalledSnap = SnapRelease & {
  readonly tracking: string;
  readonly classic?: true;
  readonly devmode?: true;
  /** Refreshes are held until then: `forever`, or a time as it was given. */
  readonly held?: string;
  readonly config?: Readonly<Record<string, Json>>;
  /** Programs by their other names. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What plugs lead to: `home` to `:home`. */
  readonly connections?: Readonly<Record<string, string>>;
  /** What the store had when it was installed. */
  readonly offer: OfferedSnap;
};
export type SnapsPart = {
  readonly snaps?: Readonly<Record<string, InstalledSnap>>;
  readonly snapStore?: Readonly<Record<string, OfferedSnap>>;
  /** What is set of snapd itself, as `snap set system` does. */
  readonly snapSystem?: Readonly<Record<string, Json>>;
  /** How many changes snapd has made. */
  readonly snapChanges?: number;
};

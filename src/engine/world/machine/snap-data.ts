/**
 * Data of snaps, a folder a revision: a refresh begins with what the revision before had.
 * Source: snapd overlord/snapstate/backend/copydata.go.
 * Not modelled: data below users' homes; whom files belong to, which become root's; refreshes over snapd's socket,
 * where nothing can be looked at.
 */
import type { Files, RootChanges } from './program.ts';
import type { MachineSlice } from './slice.ts';
import type { InstalledSnap } from './snap-slice.ts';

export function dataFolder(name: string, { revision }: Pick<InstalledSnap, 'revision'>): string {
  return `/var/snap/${name}/${revision}`;
}

/** What has to be looked at before snaps are refreshed; all of them when none is named. */
export function dataLooks({ snaps = {} }: MachineSlice, names: readonly string[]) {
  const chosen = Object.entries(snaps).filter(
    ([name]) => names.length === 0 || names.includes(name),
  );
  return chosen.map(([name, snap]) => `${dataFolder(name, snap)}/**`);
}

export function dataCopied(files: Files, from: string, to: string): RootChanges {
  const root: RootChanges = {};
  for (const [path, entry] of Object.entries(files)) {
    if (entry.kind === 'other' || from === to || !path.startsWith(`${from}/`)) continue;
    root[`${to}${path.slice(from.length)}`] = entry;
  }
  return root;
}

/** Which Juju a unit lives under: 3.6 and 4.0 differ in hook commands, variables and events. */
import type { JujuSlice } from './slice.ts';

/** The numbers of a version, `3.6.14` or `4.0-beta5`; what is not there counts as 0. */
export function versionNumbers(version: string): readonly [number, number, number] {
  const [major, minor, patch] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10));
  return [major || 0, minor || 0, patch || 0];
}

export function isJuju4({ version }: Pick<JujuSlice, 'version'>): boolean {
  return versionNumbers(version)[0] >= 4;
}

/** What Juju keeps for a unit besides its relations: secrets, storage, resources, settings. A table each. */
import { plainText } from '../chart/plain-text.ts';
import type { Secret } from '../engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../engine/world/juju/slice.ts';

/** Cells are plain text; a cell of several lines is one with newlines in it. */
export type UnitDataView = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

function sortedEntries<Value>(of: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.keys(of)
    .sort()
    .map((key) => [key, of[key] as Value]);
}

function pairs(of: Readonly<Record<string, string>>): string {
  return sortedEntries(of)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}

function latest({ revisions }: Secret): number {
  return Math.max(0, ...Object.keys(revisions).map(Number));
}

function owner({ owner: { kind, name } }: Secret, juju: JujuSlice): string {
  if (kind === 'application' && name === juju.app) return 'this application';
  if (kind === 'unit' && name === `${juju.app}/${juju.unit}`) return 'this unit';
  return kind === 'model' ? 'the model' : name;
}

function secretRow(id: string, secret: Secret, juju: JujuSlice): readonly string[] {
  const last = latest(secret);
  return [
    secret.label || secret.readerLabel || id,
    owner(secret, juju),
    String(last),
    secret.tracked === null ? '' : String(secret.tracked),
    secret.rotate === 'never' ? '' : secret.rotate,
    Object.keys(secret.grants).sort().join('\n'),
    pairs(secret.revisions[last]?.content ?? {}),
  ];
}

function tables(juju: JujuSlice): readonly UnitDataView[] {
  return [
    {
      title: 'Secrets',
      columns: ['Label', 'Owner', 'Latest', 'Tracked', 'Rotate', 'Granted to', 'Content'],
      rows: sortedEntries(juju.secrets).map(([id, secret]) => secretRow(id, secret, juju)),
    },
    {
      title: 'Storage',
      columns: ['Instance', 'Kind', 'Location', 'Attached'],
      rows: sortedEntries(juju.storages).map(([id, { kind, location, attached }]) => [
        id,
        kind,
        location,
        attached ? 'yes' : 'no',
      ]),
    },
    {
      title: 'Resources',
      columns: ['Name', 'Kind', 'File', 'On the unit'],
      rows: sortedEntries(juju.resources).map(([name, { kind, filename, downloaded }]) => [
        name,
        kind,
        filename,
        downloaded ? 'yes' : 'not yet',
      ]),
    },
    {
      title: 'Leader settings',
      columns: ['Key', 'Value'],
      rows: sortedEntries(juju.leaderSettings).map((pair) => pair),
    },
    {
      title: 'State on the controller',
      columns: ['Key', 'Value'],
      rows: sortedEntries(juju.unitState).map((pair) => pair),
    },
  ];
}

/** The tables that have anything in them. */
export function unitDataViews(juju: JujuSlice): readonly UnitDataView[] {
  return tables(juju)
    .filter(({ rows }) => rows.length > 0)
    .map((table) => ({ ...table, rows: table.rows.map((row) => row.map(plainText)) }));
}

/**
 * The unit's machine besides its files: packages, services, what listens, processes, the journal. A table each.
 * Of packages only those that the base does not bring as they are.
 */
import { plainText } from '../chart/plain-text.ts';
import type { Json } from '../engine/model/json.ts';
import type { InstalledPackage } from '../engine/world/machine/package-slice.ts';
import type { InstalledSnap } from '../engine/world/machine/snap-slice.ts';
import type { MachineSlice } from '../engine/world/machine/slice.ts';
import type { Logged, Process, Unit } from '../engine/world/machine/unit-slice.ts';
import type { UnitDataView } from './unit-data-view.ts';

/** More are in the State's text. */
const LINES_MAX = 50;

function entries<Value>(of: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.keys(of ?? {})
    .sort()
    .map((key) => [key, of?.[key] as Value]);
}

const PACKAGE_STATES = {
  installed: 'installed',
  unpacked: 'unpacked, not configured',
  'config-files': 'removed, its configuration is left',
} as const;

function packageRow(name: string, one: InstalledPackage | null): readonly string[] {
  if (one === null) return [name, '', 'gone', ''];
  const how = [one.auto ? 'for another' : 'asked for', one.held ? 'held' : '']
    .filter((word) => word !== '')
    .join(', ');
  return [name, one.version, PACKAGE_STATES[one.state], how];
}

function ending({ exited }: Unit): string {
  if (exited === undefined) return '';
  return 'code' in exited ? `exited with ${exited.code}` : `died of ${exited.signal}`;
}

function times(count: number | undefined, what: string): string {
  if (!count) return '';
  return count === 1 ? `${what} once` : `${what} ${count} times`;
}

function unitRow(name: string, unit: Unit): readonly string[] {
  const notes = [
    unit.result === 'success' ? '' : unit.result,
    ending(unit),
    times(unit.restarts, 'restarted'),
    times(unit.reloads, 'reloaded'),
  ];
  return [
    name,
    `${unit.active} (${unit.sub})`,
    unit.mainPid === 0 ? '' : String(unit.mainPid),
    notes.filter((note) => note !== '').join(', '),
  ];
}

type Processes = readonly (readonly [string, Process])[];

function processRow([pid, { argv, user, unit, signals }]: Processes[number]): readonly string[] {
  return [pid, argv.join(' '), user, unit ?? '', signals.join('\n')];
}

function portRows(processes: Processes): readonly (readonly string[])[] {
  return processes.flatMap(([pid, { listens, argv }]) =>
    listens.map((port) => [port, argv[0] ?? '', pid]),
  );
}

function journalTable(lines: readonly Logged[]): UnitDataView {
  const shown = lines.slice(-LINES_MAX);
  return {
    title: shown.length < lines.length ? `Journal, the last ${LINES_MAX} lines` : 'Journal',
    columns: ['Unit', 'Line'],
    rows: shown.map(({ unit, by, pid, text }) => [unit, `${by}[${pid}]: ${text}`]),
  };
}

function byNumber([a]: Processes[number], [b]: Processes[number]): number {
  return Number(a) - Number(b);
}

const PARTS: Readonly<Record<string, (value: never) => string>> = {
  packages: ({ version, state }: InstalledPackage) => `${version}, ${PACKAGE_STATES[state]}`,
  units: ({ active, sub }: Unit) => `${active} (${sub})`,
  processes: ({ argv }: Process) => argv.join(' '),
  snaps: ({ version, tracking }: InstalledSnap) => `${version}, ${tracking}`,
};

/** How a member of a part of the machine is told in a few words; null: nothing shorter than itself is known of it. */
export function machinePart(part: string, name: string): ((value: Json) => string) | null {
  const told = name !== '' && Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  return (told as ((value: unknown) => string) | undefined) ?? null;
}

function tables(machine: MachineSlice): readonly UnitDataView[] {
  const processes = entries(machine.processes).sort(byNumber);
  return [
    {
      title: 'Packages',
      columns: ['Package', 'Version', 'State', 'Why'],
      rows: entries(machine.packages).map(([name, one]) => packageRow(name, one)),
    },
    {
      title: 'Services and other units',
      columns: ['Unit', 'State', 'Main process', 'What befell it'],
      rows: entries(machine.units).map(([name, unit]) => unitRow(name, unit)),
    },
    {
      title: 'Snaps',
      columns: ['Snap', 'Version', 'Channel'],
      rows: entries(machine.snaps).map(([name, { version, revision, tracking }]) => [
        name,
        `${version} (${revision})`,
        tracking,
      ]),
    },
    { title: 'Listening', columns: ['Port', 'Program', 'Process'], rows: portRows(processes) },
    {
      title: 'Processes, as simulated',
      columns: ['Process', 'Command', 'User', 'Unit', 'Signals it got'],
      rows: processes.map(processRow),
    },
    journalTable(machine.journal ?? []),
  ];
}

/** Tables that have anything in them; of a unit whose machine nobody asked, none. */
export function machineTables(machine: MachineSlice): readonly UnitDataView[] {
  return tables(machine)
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, columns, rows }) => ({
      title,
      columns,
      rows: rows.map((row) => row.map(plainText)),
    }));
}

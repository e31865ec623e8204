/** ARCHITECTURE.md says of every hook command, event and variable how far it is modelled. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CHECK_TURNS,
  LIFECYCLE,
  RELATION_PHASES,
  SECRET_HAPPENINGS,
  STORAGE_PHASES,
  type Event,
} from '../../src/engine/model/event.ts';
import { hookEnvironment } from '../../src/engine/world/juju/environment.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { HOOK_COMMANDS } from '../../src/engine/world/juju/table.ts';
import { UNIT } from '../juju/unit.ts';

const TEXT = readFileSync(join(resolve(import.meta.dirname, '../..'), 'ARCHITECTURE.md'), 'utf8');

/** The first cells of the table under a heading, as words. */
function named(heading: string): ReadonlySet<string> {
  const section = TEXT.split(`#### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  const cells = section.split('\n').flatMap((line) => /^\| ([^|]*)\|/.exec(line)?.[1] ?? []);
  return new Set(cells.flatMap((cell) => cell.match(/[A-Za-z0-9_-]+/g) ?? []));
}

const SECRET = {
  kind: 'secret',
  happening: 'remove',
  secret: 's',
  label: 'l',
  revision: 1,
} as const;
const EVENTS: readonly Event[] = [
  { kind: 'lifecycle', name: 'pre-series-upgrade', target: 'ubuntu@24.04/stable' },
  {
    kind: 'relation',
    endpoint: 'db',
    phase: 'departed',
    relation: 1,
    app: 'a',
    unit: 'a/0',
    departing: 'a/0',
  },
  { kind: 'storage', storage: 'data', id: 'data/0', phase: 'attached' },
  SECRET,
  { kind: 'pebble-notice', container: 'c', id: '1', type: 'custom', key: 'a.b/c' },
  { kind: 'pebble-check', container: 'c', check: 'up', turned: 'failed' },
  { kind: 'action', name: 'backup', params: {} },
];
const PROXIES = Object.fromEntries(
  ['http', 'https', 'ftp', 'no'].map((kind) => [`${kind}-proxy`, 'p']),
);
const UNITS: readonly JujuSlice[] = [
  {
    ...UNIT,
    model: { ...UNIT.model, type: 'kubernetes', config: PROXIES },
    storages: { 'data/0': { kind: 'filesystem', location: '/d', attached: true } },
  },
];

describe('the tables of what is modelled', () => {
  it('name every hook command', () => {
    const known = named('Hook commands');
    const commands = Object.keys(HOOK_COMMANDS);
    expect(commands.filter((name) => !known.has(name))).toEqual([]);
    expect(commands.length).toBeGreaterThan(40);
  });

  it('name every event', () => {
    const known = named('Events');
    const events = [
      ...LIFECYCLE,
      ...RELATION_PHASES.map((phase) => `relation-${phase}`),
      ...STORAGE_PHASES.map((phase) => `storage-${phase}`),
      ...SECRET_HAPPENINGS.map((happening) => `secret-${happening}`),
      ...CHECK_TURNS.map((turned) => `pebble-check-${turned}`),
      'pebble-ready',
      'pebble-custom-notice',
    ];
    expect(events.filter((name) => !known.has(name))).toEqual([]);
  });

  it('name every variable', () => {
    const known = named('Variables');
    const variables = UNITS.flatMap((unit) =>
      EVENTS.flatMap((event) => Object.keys(hookEnvironment(unit, event, '0'.repeat(32)))),
    ).filter((name) => !/^(HTTP|HTTPS|FTP|NO)_PROXY$/.test(name));
    expect([...new Set(variables)].filter((name) => !known.has(name))).toEqual([]);
    expect(variables).toContain('JUJU_TARGET_SERIES');
  });
});

/** What happened in a container besides its plan: services over time, programs executed, checks and notices. */
import { oneLine, plainText } from '../chart/plain-text.ts';
import type { JsonObject } from '../engine/model/json.ts';
import type { Container, Executed, ServiceEvent } from '../engine/world/pebble/slice.ts';
import type { UnitDataView } from './unit-data-view.ts';

const INPUT_LENGTH = 200;

/** `restarted, by backoff`, `exited with 1, then restart`. */
function happened({ what, by, code, next, signal, times, real }: ServiceEvent): string {
  return [
    what === 'signalled' && signal !== undefined ? `got ${signal}` : what,
    code === undefined ? '' : ` with ${code}`,
    by === undefined ? '' : `, by ${by}`,
    real ? ', really run' : '',
    next === undefined ? '' : `, then ${next}`,
    times === undefined || times < 2 ? '' : `, ${times} times`,
  ].join('');
}

function input({ stdin }: Executed): string {
  if (stdin === undefined) return '';
  return 'text' in stdin ? oneLine(stdin.text, INPUT_LENGTH) : `${stdin.size} bytes`;
}

function entries<Value>(of: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.keys(of)
    .sort()
    .map((key) => [key, of[key] as Value]);
}

function customNotices({ notices }: Container): readonly (readonly string[])[] {
  return entries(notices)
    .filter(([, { type }]) => type === 'custom')
    .map(([, { key, occurrences, data }]) => [
      key,
      String(occurrences),
      entries(data)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
    ]);
}

/** `API=x psql -c y, in /srv`. */
function asked({ command, environment, workingDir }: Executed): string {
  const given = entries(environment).map(([name, value]) => `${name}=${value}`);
  return [[...given, ...command].join(' '), workingDir && `in ${workingDir}`]
    .filter(Boolean)
    .join(', ');
}

function ended({ exit, signalled = [], real }: Executed): string {
  const got = signalled.length > 0 ? `got ${signalled.join(', ')}` : '';
  return [exit ?? 'did not end', got, real ? 'really run' : '']
    .filter((one) => one !== '')
    .join(', ');
}

/** A check that stands as it would by itself is in the plan alone. */
function checkRows(container: Container, planned: JsonObject): readonly (readonly string[])[] {
  const names = new Set([...Object.keys(planned), ...Object.keys(container.checks)]);
  return [...names].sort().map((name) => {
    const config = memberOf(planned, name);
    const by = ['http', 'tcp', 'exec'].find((kind) => kind in config) ?? '';
    const what = Object.values(memberOf(config, by)).map((value) => String(value));
    const usual = config['startup'] === 'disabled' ? 'inactive' : 'up';
    const known = Object.hasOwn(container.checks, name) ? container.checks[name] : undefined;
    const status = known?.status ?? (container.canConnect ? usual : 'not performed yet');
    const level = config['level'];
    const told = [by, ...what].join(' ').trim();
    return [
      name,
      told,
      typeof level === 'string' ? level : '',
      status,
      String(known?.failures ?? 0),
    ];
  });
}

function memberOf(holder: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}

function tables(container: Container, planned: JsonObject): readonly UnitDataView[] {
  return [
    {
      title: 'What happened to services',
      columns: ['Service', 'What happened'],
      rows: container.history.map((event) => [event.service, happened(event)]),
    },
    {
      title: 'Programs executed',
      columns: ['Command', 'Input', 'Exit'],
      rows: (container.executed ?? []).map((one) => [asked(one), input(one), ended(one)]),
    },
    {
      title: 'Checks',
      columns: ['Check', 'What', 'Level', 'Status', 'Failures'],
      rows: checkRows(container, planned),
    },
    {
      title: 'Notices',
      columns: ['Key', 'Occurrences', 'Data'],
      rows: customNotices(container),
    },
  ];
}

/** The tables that have anything in them. `planned`: the checks of the plan. */
export function containerTables(
  container: Container,
  planned: JsonObject = {},
): readonly UnitDataView[] {
  return tables(container, planned)
    .filter(({ rows }) => rows.length > 0)
    .map((table) => ({ ...table, rows: table.rows.map((row) => row.map(plainText)) }));
}

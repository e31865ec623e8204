/** What happened in a container besides its plan: services over time, programs executed, checks and notices. */
import { oneLine, plainText } from '../chart/plain-text.ts';
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

function tables(container: Container): readonly UnitDataView[] {
  return [
    {
      title: 'What happened to services',
      columns: ['Service', 'What happened'],
      rows: container.history.map((event) => [event.service, happened(event)]),
    },
    {
      title: 'Programs executed',
      columns: ['Command', 'Input', 'Exit'],
      rows: (container.executed ?? []).map((one) => [
        one.command.join(' '),
        input(one),
        `${one.exit ?? 'did not end'}${one.real ? ', really run' : ''}`,
      ]),
    },
    {
      title: 'Checks',
      columns: ['Check', 'Status', 'Failures'],
      rows: entries(container.checks).map(([name, { status, failures }]) => [
        name,
        status,
        String(failures),
      ]),
    },
    {
      title: 'Notices',
      columns: ['Key', 'Occurrences', 'Data'],
      rows: customNotices(container),
    },
  ];
}

/** The tables that have anything in them. */
export function containerTables(container: Container): readonly UnitDataView[] {
  return tables(container)
    .filter(({ rows }) => rows.length > 0)
    .map((table) => ({ ...table, rows: table.rows.map((row) => row.map(plainText)) }));
}

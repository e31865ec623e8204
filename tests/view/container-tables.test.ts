/** What a container's tables say of what happened in it. */
import { expect, test } from 'vitest';
import { emptyContainer } from '../../src/engine/world/pebble/container.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { containerTables } from '../../src/view/container-tables.ts';

function rows(title: string, container: Partial<Container>): readonly (readonly string[])[] {
  const tables = containerTables({ ...emptyContainer(), ...container });
  return tables.find((table) => table.title === title)?.rows ?? [];
}

test('a container in which nothing happened has no tables', () => {
  expect(containerTables(emptyContainer())).toEqual([]);
});

test('what happened to services is told in order, with why and what then', () => {
  const history: Container['history'] = [
    { at: 0, service: 'web', what: 'started', by: 'replan' },
    { at: 0, service: 'db', what: 'started', by: 'start', real: true },
    { at: 1, service: 'web', what: 'exited', code: 1, next: 'restart', times: 3 },
    { at: 2, service: 'web', what: 'signalled', signal: 'SIGHUP' },
  ];
  expect(rows('What happened to services', { history })).toEqual([
    ['web', 'started, by replan'],
    ['db', 'started, by start, really run'],
    ['web', 'exited with 1, then restart, 3 times'],
    ['web', 'got SIGHUP'],
  ]);
});

test('a program that was executed is told with its input and how it ended', () => {
  const executed: Container['executed'] = [
    { task: '1', command: ['psql', '-c', 'x'], environment: {}, workingDir: '', exit: 0 },
    {
      task: '2',
      command: ['cat'],
      environment: {},
      workingDir: '',
      stdin: { text: 'a\nb' },
      exit: null,
    },
    { task: '3', command: ['wc'], environment: {}, workingDir: '', real: true, exit: 1 },
    {
      task: '4',
      command: ['sleep', '9'],
      environment: { LANG: 'C' },
      workingDir: '/srv',
      signalled: ['SIGTERM'],
      exit: 143,
    },
  ];
  expect(rows('Programs executed', { executed })).toEqual([
    ['psql -c x', '', '0'],
    ['cat', 'a b', 'did not end'],
    ['wc', '', '1, really run'],
    ['LANG=C sleep 9, in /srv', '', '143, got SIGTERM'],
  ]);
});

test('checks and custom notices are listed, notices of changes are not', () => {
  const times = { firstOccurred: 0, lastOccurred: 0, lastRepeated: 0, repeatAfter: 0 };
  const notice = { ...times, user: 0, occurrences: 2, data: { by: 'me' } };
  const container = {
    checks: { up: { status: 'down', failures: 3, successes: 0 } },
    notices: {
      1: { ...notice, type: 'custom', key: 'a.b/c' },
      2: { ...notice, type: 'change-update', key: '1' },
    },
  } as const;
  expect(rows('Checks', container)).toEqual([['up', '', '', 'down', '3']]);
  expect(rows('Notices', container)).toEqual([['a.b/c', '2', 'by: me']]);
});

test('a check of the plan of which nothing else is known stands as it would by itself', () => {
  const planned = {
    answers: { override: 'replace', level: 'ready', http: { url: 'http://localhost/' } },
    idle: { override: 'replace', startup: 'disabled', tcp: { port: 80 } },
  };
  const checks = (canConnect: boolean) =>
    containerTables({ ...emptyContainer(), canConnect }, planned).flatMap(({ rows }) => rows);
  expect(checks(true)).toEqual([
    ['answers', 'http http://localhost/', 'ready', 'up', '0'],
    ['idle', 'tcp 80', '', 'inactive', '0'],
  ]);
  expect(checks(false).map((row) => row[3])).toEqual(['not performed yet', 'not performed yet']);
});

/** How a page tells of what happened: a program executed in a container, a signal. */
import { expect, test } from 'vitest';
import type { Call, NodeRecord } from '../../src/engine/record/format.ts';
import { entryViews } from '../../src/view/entry-view.ts';

const CALL: Call = {
  kind: 'call',
  seq: 1,
  to: 'pebble',
  at: 0,
  request: { kind: 'http', container: 'web', method: 'POST', url: '/v1/exec' },
  answer: { code: 202 },
  effects: [],
  exec: {
    command: ['psql', '-c', 'select 1'],
    stdin: { text: 'in' },
    stdout: { text: 'out' },
    real: true,
    exit: 3,
  },
};

test('by its command, what went in, what came out and how it ended', () => {
  const [entry] = entryViews({ entries: [CALL] } as unknown as NodeRecord);
  expect(entry?.line).toBe("exec psql -c 'select 1'");
  expect(entry?.parts.map(({ title, shown }) => [title, shown.text])).toEqual([
    ['stdin', 'in'],
    ['stdout', 'out'],
    ['ended', 'exit 3, really run'],
  ]);
});

test('a signal by its name and the process that got it', () => {
  const signal: Call = {
    kind: 'call',
    seq: 1,
    to: 'machine',
    at: 0,
    request: { kind: 'calls', name: 'signal', args: [4001, 'SIGUSR1'] },
    answer: { code: 0 },
    effects: [],
  };
  const [entry] = entryViews({ entries: [signal] } as unknown as NodeRecord);
  expect([entry?.label, entry?.line]).toEqual(['signal', 'SIGUSR1 to process 4001']);
});

import { describe, expect, it } from 'vitest';
import {
  lastLines,
  logEntries,
  printed,
  quotedLines,
} from '../../src/engine/world/pebble/log-text.ts';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { pass, type Server } from './server.ts';
import { asked, lay, post, program, serving, stateOf } from './service-server.ts';

const AT = Date.UTC(2026, 0, 1);

function logs(server: Server, query: Record<string, string> = {}): readonly string[] {
  const answer = asked(server, { method: 'GET', path: '/v1/logs', query });
  const entries = answer['ndjson'] as readonly JsonObject[];
  return entries.map(({ service, message }) => `${String(service)}: ${String(message)}`);
}

describe('the logs of services', () => {
  it('come in order of time, the last thirty lines of all together unless asked otherwise', () => {
    const lines = (word: string): string =>
      Array.from({ length: 20 }, (_, line) => `${word} ${line}\n`).join('');
    const server = serving(
      { b: {}, a: {} },
      { a: program({ output: lines('a') }), b: program({ output: lines('b') }) },
    );
    post(server, 'start', ['b']);
    pass(server, 1000);
    post(server, 'start', ['a']);
    expect(logs(server)).toHaveLength(30);
    expect(logs(server)[0]).toBe('b: b 10');
    expect(logs(server).at(-1)).toBe('a: a 19');
    expect(logs(server, { n: '-1' })).toHaveLength(40);
    expect(logs(server, { n: '1' })).toEqual(['a: a 19']);
    expect(logs(server, { n: '1', services: 'b' })).toEqual(['b: b 19']);
  });

  it('stay when a service is restarted, and go on', () => {
    const server = serving({ web: {} }, { web: program({ exits: 1, output: 'up\n' }) });
    post(server, 'start', ['web']);
    pass(server, 500);
    lay(server, { web: program({ signals: { SIGHUP: { output: 'hup\n' } } }) });
    pass(server, 1000);
    const json = { signal: 'SIGHUP', services: ['web'] };
    asked(server, { method: 'POST', path: '/v1/signals', json });
    expect(logs(server)).toEqual(['web: up', 'web: up', 'web: hup']);
  });

  it.each([
    ['text', 'plain <b>&</b>\n', ['plain <b>&</b>']],
    ['an empty line', 'one\n\nthree\n', ['one', '', 'three']],
    ['no end of line', 'one\ntwo', ['one', 'two']],
    ['line separators', 'a\u2028b\n', ['a\u2028b']],
  ])('have %s as it was printed', (_name, output, wanted) => {
    const server = serving({ web: {} }, { web: program({ output }) });
    post(server, 'start', ['web']);
    expect(logs(server)).toEqual(wanted.map((line) => `web: ${line}`));
  });

  it('give a long line in pieces, as Pebble reads it', () => {
    const server = serving({ web: {} }, { web: program({ output: `${'x'.repeat(10_000)}\n` }) });
    post(server, 'start', ['web']);
    const sizes = logs(server).map((line) => line.length - 'web: '.length);
    const prefix = '2026-01-01T00:00:00.000Z [web] '.length;
    expect(sizes).toEqual([4096 - prefix, 4096, 10_000 + prefix - 8192]);
  });

  it('keep their last hundred kilobytes', () => {
    const output = `${'x'.repeat(999)}\n`.repeat(150);
    const server = serving({ web: {} }, { web: program({ output }) });
    post(server, 'start', ['web']);
    expect(stateOf(server, 'web').life?.log).toHaveLength(102_400);
    expect(logs(server, { n: '-1' })).toHaveLength(99);
  });
});

describe('a log', () => {
  const told = { service: 'web', at: AT };

  it('has the time and the service at the beginning of each line', () => {
    const log = printed('', { ...told, text: 'one\ntwo\nthr' }, true);
    expect(printed(log, { ...told, text: 'ee\n' }, false)).toBe(
      ['one', 'two', 'three'].map((line) => `2026-01-01T00:00:00.000Z [web] ${line}\n`).join(''),
    );
  });

  it.each([
    [0, ''],
    [1, 'c\n'],
    [2, 'b\nc\n'],
    [9, 'a\nb\nc\n'],
  ])('ends in its last %i lines', (count, wanted) => {
    expect(lastLines('a\nb\nc\n', count)).toBe(wanted);
  });

  it('has an unfinished line besides the last whole ones', () => {
    expect(lastLines('a\nb\nc', 1)).toBe('b\nc');
  });

  it('is quoted without times, indented, and says where lines were left out', () => {
    const log = printed('', { ...told, text: 'a\nb\nc\n' }, true);
    expect(quotedLines(log, 3)).toBe('    a\n    b\n    c');
    expect(quotedLines(log, 2)).toBe('    (...)\n    b\n    c');
    expect(quotedLines('', 2)).toBe('    ');
  });

  it('whose beginning was given up begins with the first line that has a time', () => {
    const log = `cut off\n${printed('', { ...told, text: 'a\n' }, true)}no time\n`;
    expect(logEntries(log).map(({ message }) => message)).toEqual(['a', 'no time']);
  });
});

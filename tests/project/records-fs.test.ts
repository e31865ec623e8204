/** Records as files. */
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/engine/project/digest.ts';
import { readRecords, writeRecords } from '../../src/engine/project/records-fs.ts';
import { FORMAT, type Index, type NodeRecord } from '../../src/engine/record/format.ts';
import { temporary, write } from './temporary.ts';

const TEXT = new TextEncoder().encode('a page shows this');
const DIGEST = sha256(TEXT);

function node(id: string, reason = 'fell over'): NodeRecord {
  return {
    format: FORMAT,
    id,
    tree: 'life',
    parent: id === 'life' ? null : 'life',
    edge: id,
    branch: [],
    golden: false,
    event: null,
    deltas: [],
    outcome: { kind: 'failed', end: { kind: 'exited', code: 1 }, reason },
    unmet: [],
    unexpected: [],
    changed: {},
    entries: [],
  };
}

function indexOf(nodes: readonly NodeRecord[]): Index {
  const lines = nodes.map(({ id, parent, edge }) => ({
    id,
    parent,
    edge,
    branch: [],
    golden: false,
    event: null,
    outcome: 'failed' as const,
    unmet: 0,
    unexpected: 0,
    status: { status: 'unknown', message: '' },
    changes: 0,
    deltas: 0,
    faults: 0,
    irregular: 0,
  }));
  const tree = { name: 'life', title: 'Life', charm: 'web', file: 'trees/life.yaml', nodes: lines };
  return { format: FORMAT, charms: [], trees: [tree] };
}

function put(folder: string, nodes: readonly NodeRecord[]): ReturnType<typeof writeRecords> {
  const get = (digest: string): Uint8Array => {
    if (digest !== DIGEST) throw new Error(`${digest} was never put`);
    return TEXT;
  };
  return writeRecords(folder, { index: indexOf(nodes), nodes, blobs: { get } });
}

describe('records', () => {
  it('are read back as they were written', () => {
    const folder = temporary();
    const nodes = [node('life'), node('life/install')];
    put(folder, nodes);
    const records = readRecords(folder);
    expect(records.index).toEqual(indexOf(nodes));
    expect(records.node('life/install')).toEqual(nodes[1]);
  });

  it('are written only where their bytes differ', () => {
    const folder = temporary();
    put(folder, [node('life'), node('life/install')]);
    const file = join(folder, 'life/install.json');
    utimesSync(file, 1, 1);
    const before = readFileSync(file);
    expect(put(folder, [node('life', 'other'), node('life/install')])).toEqual({
      written: 1,
      kept: 2,
      removed: 0,
    });
    expect(statSync(file).mtimeMs).toBe(1000);
    expect(readFileSync(file)).toEqual(before);
  });

  it('of nodes that are no more go, with the folders they leave empty', () => {
    const folder = temporary({ 'README.md': 'by hand', 'notes/mine.json': '{}' });
    put(folder, [node('life'), node('life/ready/bad-slug/stop')]);
    expect(put(folder, [node('life')]).removed).toBe(1);
    expect(existsSync(join(folder, 'life'))).toBe(false);
    expect(existsSync(join(folder, 'life.json'))).toBe(true);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('by hand');
    expect(existsSync(join(folder, 'notes/mine.json'))).toBe(true);
  });

  it('bring the contents they name, and none that only a charm speaks of', () => {
    const folder = temporary();
    const strange = sha256(new TextEncoder().encode('never put'));
    put(folder, [node('life', `shows ${DIGEST} and ${strange}`)]);
    const records = readRecords(folder);
    expect(records.blob(DIGEST)).toEqual(TEXT);
    expect(records.blob(strange)).toBeNull();
    expect(records.blob('../../../etc/passwd')).toBeNull();
  });

  it.each(['../escape', 'life/../../x', '/etc/passwd', 'Life', 'life//x', 'index', 'blobs/a', ''])(
    'are refused for the id %j',
    (id) => {
      const folder = temporary();
      expect(() => put(folder, [node(id)])).toThrow(/cannot name a record/);
      expect(existsSync(join(folder, 'index.json'))).toBe(false);
    },
  );

  it('say which Playbill to use when they are of a newer format', () => {
    const folder = temporary({ 'index.json': JSON.stringify({ format: FORMAT + 1 }) });
    expect(() => readRecords(folder)).toThrow(/of format 2, and this Playbill reads up to 1/);
  });

  it.each(['', '{', 'null', '[]', '{"format":1}', '{"format":1,"charms":[],"trees":[{}]}'])(
    'say that they cannot be read when the index is %j',
    (text) => {
      const folder = temporary({ 'index.json': text });
      expect(() => readRecords(folder)).toThrow(expect.objectContaining({ name: 'Mistake' }));
    },
  );

  it('refuse an index whose ids lead out of the folder', () => {
    const folder = temporary();
    put(folder, [node('life')]);
    const text = readFileSync(join(folder, 'index.json'), 'utf8');
    write(folder, 'index.json', text.replace('"id": "life"', '"id": "../life"'));
    expect(() => readRecords(folder)).toThrow(/"..\/life" is no node's id/);
  });
});

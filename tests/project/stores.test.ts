/** Blobs and nodes on disk: what a kill, a torn file or another build may leave behind. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobsOnDisk } from '../../src/engine/project/blobs-fs.ts';
import { nodesOnDisk } from '../../src/engine/project/cache-fs.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import { openWorkFolder } from '../../src/engine/project/work-folder.ts';
import { temporary } from './temporary.ts';

const BYTES = new TextEncoder().encode('contents');
const KEY = sha256(new TextEncoder().encode('key'));

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('blobs', () => {
  it('are there for the next build', () => {
    const folder = temporary();
    const digest = blobsOnDisk(folder).put(BYTES);
    expect(digest).toBe(sha256(BYTES));
    expect(blobsOnDisk(folder).get(digest)).toEqual(BYTES);
  });

  it('are written again when the file is torn, and never handed out torn', () => {
    const folder = temporary();
    const digest = blobsOnDisk(folder).put(BYTES);
    truncateSync(filesBelow(folder)[0] ?? '', 3);
    expect(() => blobsOnDisk(folder).get(digest)).toThrow(/never put/);
    blobsOnDisk(folder).put(BYTES);
    expect(blobsOnDisk(folder).get(digest)).toEqual(BYTES);
  });

  it('do not change when the bytes that were put are changed afterwards', () => {
    const blobs = blobsOnDisk(temporary());
    const bytes = Uint8Array.from(BYTES);
    const digest = blobs.put(bytes);
    bytes.fill(0);
    expect(blobs.get(digest)).toEqual(BYTES);
  });

  it('are read again from disk when they are large, and kept in memory when they are not', () => {
    const folder = temporary();
    const blobs = blobsOnDisk(folder);
    const [small, large] = [BYTES, new Uint8Array(9 << 20).fill(7)].map((one) => blobs.put(one));
    expect(sha256(blobs.get(large!))).toBe(large);
    for (const path of filesBelow(folder)) rmSync(path);
    expect(blobs.get(small!)).toEqual(BYTES);
    expect(() => blobs.get(large!)).toThrow(/never put/);
  });
});

describe('nodes', () => {
  it('are there for the next build, and absent under any other key', () => {
    const folder = temporary();
    nodesOnDisk(folder).put(KEY, { a: [1, 'zwei', null] });
    expect(nodesOnDisk(folder).get(KEY)).toEqual({ a: [1, 'zwei', null] });
    expect(nodesOnDisk(folder).get(sha256(BYTES))).toBeNull();
  });

  it.each([
    ['torn at its start', (file: string) => truncateSync(file, 5)],
    ['torn at its end', (file: string) => truncateSync(file, 90)],
    ['other text', (file: string) => writeFileSync(file, 'not ours')],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['a folder', (file: string) => (rmSync(file), mkdirSync(file))],
  ])('are absent when the entry is %s', (_, spoil) => {
    const folder = temporary();
    nodesOnDisk(folder).put(KEY, { text: 'long enough to be cut off somewhere in the middle' });
    const [file = ''] = filesBelow(join(folder, 'cache/nodes'));
    spoil(file);
    expect(nodesOnDisk(folder).get(KEY)).toBeNull();
  });

  it('are absent when a content they name is gone', () => {
    const folder = temporary();
    const digest = blobsOnDisk(folder).put(BYTES);
    nodesOnDisk(folder).put(KEY, { file: { kind: 'file', digest, size: 8 } });
    expect(nodesOnDisk(folder).get(KEY)).not.toBeNull();
    rmSync(join(folder, 'cache/blobs'), { recursive: true });
    expect(nodesOnDisk(folder).get(KEY)).toBeNull();
  });

  it('stay when a charm wrote a digest of its own somewhere', () => {
    const folder = temporary();
    const image = `registry/image@${sha256(BYTES)}`;
    nodesOnDisk(folder).put(KEY, { image, json: `{"digest":"${sha256(BYTES)}"}` });
    expect(nodesOnDisk(folder).get(KEY)).not.toBeNull();
  });

  it('leave no half-written file behind', () => {
    const folder = temporary();
    for (let turn = 0; turn < 20; turn += 1) nodesOnDisk(folder).put(KEY, { turn });
    expect(filesBelow(folder)).toHaveLength(1);
  });
});

describe('the work folder', () => {
  const shown = (root: string): readonly string[] => {
    const folder = join(root, '.playbill');
    for (const path of [
      'cache/nodes/a',
      'played.json',
      'loader.py',
      'commands/helm',
      'commands/data/a',
    ]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), '');
    }
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard'], {
      cwd: root,
    });
    return listed.toString().trim().split('\n');
  };
  const own = ['commands/data/a', 'commands/helm', 'loader.py'].map((path) => `.playbill/${path}`);

  it('is hidden from git, all but what the project itself brings', () => {
    const root = temporary();
    const folder = openWorkFolder(join(root, '.playbill'));
    expect(filesBelow(folder)).toEqual([join(folder, '.gitignore')]);
    expect(shown(root)).toEqual(own);
  });

  it('hides the same where an earlier version hid everything, and leaves an author’s own rules', () => {
    const root = temporary();
    const ignore = join(root, '.playbill/.gitignore');
    mkdirSync(dirname(ignore));
    writeFileSync(ignore, '*\n');
    openWorkFolder(dirname(ignore));
    expect(shown(root)).toEqual(own);
    writeFileSync(ignore, '/*\n');
    openWorkFolder(dirname(ignore));
    expect(readFileSync(ignore, 'utf8')).toBe('/*\n');
  });
});

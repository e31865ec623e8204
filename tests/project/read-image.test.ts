/** A folder as the image of a container: what is in it comes along, what it names outside does not. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryBlobs } from '../../scripts/memory-blobs.ts';
import { lookup } from '../../src/engine/files/path.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import { Mistake, mistakeText } from '../../src/engine/model/mistake.ts';
import { IMAGE_LIMITS, readImage } from '../../src/engine/project/read-image.ts';
import { imageLayers } from '../../src/engine/world/pebble/image-layers.ts';
import { listedTree } from '../../src/engine/files/listing.ts';
import { temporary } from './temporary.ts';

function imageOf(folder: string) {
  const blobs = memoryBlobs();
  const read = readImage(folder, blobs);
  return { read, blobs, tree: listedTree(read.digest, blobs) };
}

function told(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Mistake) return mistakeText(error);
    throw error;
  }
  return '';
}

function modeIn(tree: Dir, path: string): string | undefined {
  return lookup(tree, path)?.mode.toString(8);
}

describe('an image', () => {
  it('has the files of its folder, by content', () => {
    const folder = temporary({ 'bin/a': '#!/bin/sh\n', 'etc/b': 'text', 'etc/same': 'text' });
    writeFileSync(join(folder, 'binary'), Buffer.from([0, 255, 10]));
    mkdirSync(join(folder, 'empty'));
    const { read, blobs, tree } = imageOf(folder);
    expect(read).toMatchObject({ files: 4, size: 10 + 4 + 4 + 3 });
    const found = ['/etc/b', '/etc/same', '/binary'].map((path) => lookup(tree, path));
    const [text, same, binary] = found.map((entry) => (entry?.kind === 'file' ? entry.digest : ''));
    expect(text).toBe(same);
    expect([...blobs.get(binary!)]).toEqual([0, 255, 10]);
    expect(lookup(tree, '/empty')).toMatchObject({ kind: 'dir', entries: {} });
    expect(modeIn(tree, '/bin/a')).toBe('755');
  });

  it('is the same for the same folder, whatever a umask left and when it was written', () => {
    const [one, other] = [0o644, 0o664].map((mode) => {
      const folder = temporary({ a: 'x' });
      chmodSync(join(folder, 'a'), mode);
      return imageOf(folder).read;
    });
    expect(one).toEqual(other);
  });

  it('keeps permissions that say something', () => {
    const folder = temporary({ secret: 'x', 'tmp/a': 'y' });
    chmodSync(join(folder, 'secret'), 0o600);
    chmodSync(join(folder, 'tmp'), 0o777);
    const { tree } = imageOf(folder);
    expect([modeIn(tree, '/secret'), modeIn(tree, '/tmp')]).toEqual(['600', '777']);
  });

  it('keeps links as they are, and what they name is looked for inside alone', () => {
    const outside = temporary({ passwd: 'secret of the host' });
    const folder = temporary({ 'etc/passwd': 'of the image' });
    symlinkSync(join(outside, 'passwd'), join(folder, 'absolute'));
    symlinkSync('../../../../etc/passwd', join(folder, 'climbing'));
    symlinkSync(outside, join(folder, 'folder'));
    symlinkSync('loop', join(folder, 'loop'));
    const { tree, blobs, read } = imageOf(folder);
    expect(read.files).toBe(1);
    expect(lookup(tree, '/absolute')).toBeUndefined();
    expect(lookup(tree, '/folder/passwd')).toBeUndefined();
    expect(lookup(tree, '/loop')).toBeUndefined();
    const climbed = lookup(tree, '/climbing');
    const text =
      climbed?.kind === 'file' ? new TextDecoder().decode(blobs.get(climbed.digest)) : '';
    expect(text).toBe('of the image');
  });

  it.each([['__proto__'], ['constructor'], ['a b'], ['ü'], ['a\nb']])(
    'may have a file called %j',
    (name) => {
      const folder = temporary({ [`x/${name}`]: 'y' });
      const x = lookup(imageOf(folder).tree, '/x');
      expect(x?.kind === 'dir' && Object.keys(x.entries)).toEqual([name]);
    },
  );
});

describe('a folder that is no image', () => {
  it('is refused when it is not there, or a file, or a link', () => {
    const folder = temporary({ file: 'x' });
    symlinkSync('/', join(folder, 'link'));
    for (const name of ['none', 'file', 'link']) {
      expect(told(() => imageOf(join(folder, name)))).toBe('image: no such folder');
    }
  });

  it('is refused with what is no file, folder or link', async () => {
    const folder = temporary();
    const server = createServer().listen(join(folder, 'sock'));
    await once(server, 'listening');
    expect(told(() => imageOf(folder))).toContain('image: sock is a device, a pipe or a socket');
    server.close();
  });

  it('is refused with a name that is no UTF-8', () => {
    const folder = temporary();
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]), 'x');
    expect(told(() => imageOf(folder))).toContain('image: the name a? in / is no UTF-8');
  });

  it.each([
    ['too many entries', { entries: 2 }, 'image: it has more than 2 files and folders'],
    ['a file that is too long', { file: 3 }, 'image: a/b has 0 MB'],
    ['too much in all', { all: 7 }, 'image: its files come to more than 0 MB'],
  ])('is refused with %s', (_, limits, expected) => {
    const folder = temporary({ 'a/b': '1234', 'a/c': '5678' });
    const read = () => readImage(folder, memoryBlobs(), { ...IMAGE_LIMITS, ...limits });
    expect(told(read)).toContain(expected);
  });
});

const LAYERS = 'var/lib/pebble/default/layers';
const SERVICE = (name: string, command: string, override = 'replace') =>
  `services:\n  ${name}:\n    override: ${override}\n    command: ${command}\n`;

function layersOf(files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([name, text]) => [`${LAYERS}/${name}`, text]);
  const { tree, blobs } = imageOf(temporary(Object.fromEntries(all)));
  return imageLayers(tree, blobs);
}

describe('the layers of an image', () => {
  it('are none where it has no such folder', () => {
    const { tree, blobs } = imageOf(temporary({ a: 'x' }));
    expect(imageLayers(tree, blobs)).toEqual([]);
  });

  it('come in the order of their numbers, with the labels of their names', () => {
    const layers = layersOf({
      '010-late.yaml': SERVICE('late', 'c'),
      '002-sub.d/002-two.yaml': SERVICE('two', 'b'),
      '002-sub.d/001-one.yaml': SERVICE('one', 'a'),
      '001-first.yaml': 'summary: first\n',
      'README.md': 'no layer',
    });
    expect(layers.map(({ label }) => label)).toEqual(['first', 'sub/one', 'sub/two', 'late']);
  });

  it('may need one another', () => {
    const layers = layersOf({
      '001-one.yaml': `${SERVICE('one', 'a')}    requires: [two]\n`,
      '002-two.yaml': SERVICE('two', 'b'),
    });
    expect(layers).toHaveLength(2);
  });

  it.each([
    ['a name that is none', { 'base.yaml': '' }, 'invalid layer filename: "base.yaml" (must look'],
    [
      'a folder’s name that is none',
      { 'sub.d/001-abc.yaml': '' },
      'invalid layer sub-directory name:',
    ],
    [
      'a number twice',
      { '001-one.yaml': '', '001-two.yaml': '' },
      'invalid layer filename: "001-two.yaml" not unique (have "001-one.yaml" already)',
    ],
    [
      'a label twice',
      { '001-one.yaml': '', '002-one.yaml': '' },
      'invalid layer filename: "002-one.yaml" not unique (have "001-one.yaml" already)',
    ],
    [
      'a folder in a folder',
      { '001-one.d/001-two.d/001-abc.yaml': '' },
      'cannot have a layers sub-directory at this level',
    ],
    [
      'a service without a command',
      { '001-one.yaml': 'services: {a: {override: replace}}' },
      'plan must define "command" for service "a"',
    ],
    [
      'a layer that is none',
      { '001-one.yaml': 'services: {a: {command: b}}' },
      'layers: layer "one" must define "override" for service "a"',
    ],
  ])('with %s keep Pebble from starting', (_, files, expected) => {
    const message = told(() => layersOf(files));
    expect(message).toContain(expected);
    expect(message).toContain('Pebble would not start with it.');
  });
});

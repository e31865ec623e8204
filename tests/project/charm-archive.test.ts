/** Packed charms, friendly and hostile. */
import { writeFileSync, readlinkSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/engine/project/charm-archive.ts';
import { METADATA, prepared } from './charm-files.ts';
import { temporary } from './temporary.ts';

const LINK = 0o120777;

function file(text: string, mode = 0o100644): Zippable[string] {
  return [strToU8(text), { os: 3, attrs: mode * 0x10000 }];
}

function packed(entries: Zippable): string {
  const root = temporary();
  writeFileSync(join(root, 'web.charm'), zipSync(entries));
  return root;
}

const GOOD: Zippable = {
  'metadata.yaml': file(METADATA),
  dispatch: file('#!/bin/sh\nexit 0\n', 0o100755),
  'hooks/install': file('../dispatch', LINK),
};

describe('a packed charm', () => {
  it('is unpacked with its modes and links', async () => {
    const { folder, main, python } = await prepared(packed(GOOD), 'web.charm');
    expect(statSync(join(folder, 'dispatch')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(folder, 'hooks/install'))).toBe('../dispatch');
    expect({ main, python }).toEqual({ main: null, python: null });
  });

  it.each([
    ['a name that goes up', { '../evil': file('x') }],
    ['a name that goes up later', { 'hooks/../../evil': file('x') }],
    ['an absolute name', { '/etc/evil': file('x') }],
    ['a link that goes up', { 'hooks/up': file('../../evil', LINK) }],
    ['an absolute link', { 'hooks/abs': file('/etc/passwd', LINK) }],
    ['a link that goes down and up', { 'hooks/odd': file('a/../../../evil', LINK) }],
    ['a file below a link', { lib: file('hooks', LINK), 'lib/x': file('x') }],
  ])('is refused for %s', (_, more) => {
    const root = packed({ ...GOOD, ...more });
    expect(() => readArchive(join(root, 'web.charm'))).toThrow(
      expect.objectContaining({ name: 'Mistake' }),
    );
    expect(readdirSync(root)).toEqual(['web.charm']);
  });

  it('is refused when it is no archive, or a torn one', () => {
    const bytes = zipSync(GOOD);
    const root = temporary();
    for (const cut of [0, 4, 30, bytes.length - 10]) {
      writeFileSync(join(root, 'web.charm'), bytes.subarray(0, cut));
      expect(() => readArchive(join(root, 'web.charm'))).toThrow(/zip archive/);
    }
  });

  it('is refused when a file is longer than it says', () => {
    const bytes = zipSync({ big: [new Uint8Array(100_000), { os: 3 }] });
    const sizeAt = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(sizeAt, 10, true);
    const path = join(temporary(), 'bomb.charm');
    writeFileSync(path, bytes);
    expect(() => readArchive(path)[0]?.bytes()).toThrow(
      expect.objectContaining({ name: 'Mistake' }),
    );
  });

  it('is refused when it says that it unpacks to more than fits', () => {
    const bytes = zipSync({ big: [new Uint8Array(10), { os: 3 }] });
    const sizeAt = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(sizeAt, 0xf0000000, true);
    const path = join(temporary(), 'bomb.charm');
    writeFileSync(path, bytes);
    expect(() => readArchive(path)).toThrow(/unpacks to more/);
  });
});

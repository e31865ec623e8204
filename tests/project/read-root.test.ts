/** Roots of machines from folders and archives, and archives that mean harm. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { listingOf } from '../../src/engine/files/listing.ts';
import { readHostRoot } from '../../src/engine/project/read-host-root.ts';
import { readRoot } from '../../src/engine/project/read-root.ts';
import { ROOT_LIMITS } from '../../src/engine/project/root-listing.ts';
import { memoryBlobs } from '../dispatch/rig.ts';
import { temporary } from './temporary.ts';

type Packed = Partial<Header> & { readonly name: string; readonly text?: string };

async function tar(entries: readonly Packed[]): Promise<Buffer> {
  const packing = pack();
  for (const { text, ...header } of entries) {
    if (text === undefined) packing.entry({ type: 'directory', ...header });
    else packing.entry({ type: 'file', ...header }, text);
  }
  packing.finalize();
  return await buffer(packing as unknown as AsyncIterable<Buffer>);
}

function written(name: string, bytes: Uint8Array): string {
  const file = join(temporary({}), name);
  writeFileSync(file, bytes);
  return file;
}

async function listed(place: string, limits = ROOT_LIMITS) {
  const blobs = memoryBlobs();
  const read = await readRoot(place, blobs, limits);
  const text = (digest: string): string => new TextDecoder().decode(blobs.get(digest));
  return { read, text, listing: listingOf(read.digest, blobs) };
}

const USUAL: readonly Packed[] = [
  { name: './', mode: 0o755 },
  { name: './etc/', mode: 0o755 },
  { name: './etc/os-release', mode: 0o644, text: 'ID=ubuntu\nVERSION_ID="24.04"\n' },
  { name: './etc/shadow', mode: 0o640, gid: 42, text: 'root:*:\n' },
  { name: './usr/bin/app', mode: 0o4755, text: '#!/bin/sh\n' },
  { name: './usr/bin/also', type: 'link', linkname: './usr/bin/app' },
  { name: './srv/own', mode: 0o600, uid: 1234, gid: 1234, text: 'x' },
  { name: './bin', type: 'symlink', linkname: 'usr/bin' },
  { name: './dev/null', type: 'character-device' },
];

describe('a packed root', () => {
  it('is read with modes, owners and links, however it is packed', async () => {
    const plain = await tar(USUAL);
    const { read, listing, text } = await listed(written('root.tar', plain));
    expect(listing).toMatchObject({
      'etc/shadow': { kind: 'file', mode: 0o640, group: 'shadow' },
      'usr/bin': { kind: 'dir', mode: 0o755 },
      'usr/bin/app': { kind: 'file', mode: 0o4755 },
      'srv/own': { user: '1234', group: '1234' },
      bin: { kind: 'link', target: 'usr/bin' },
    });
    expect(listing['usr/bin/also']).toEqual(listing['usr/bin/app']);
    expect(listing['dev/null']).toBeUndefined();
    const app = listing['usr/bin/app'];
    expect(app?.kind === 'file' && text(app.digest)).toBe('#!/bin/sh\n');
    expect(read).toMatchObject({ files: 5, release: 'ubuntu@24.04' });
    for (const packed of [gzipSync(plain), zstdCompressSync(plain)]) {
      expect((await listed(written('root', packed))).read).toEqual(read);
    }
  });

  const hostile: [string, readonly Packed[], RegExp][] = [
    ['climbs', [{ name: '../etc/passwd', text: 'x' }], /^\.\.\/etc\/passwd leads out of the root$/],
    ['climbs later', [{ name: 'a/../../b', text: 'x' }], /leads out of the root/],
    ['is absolute', [{ name: '/etc/passwd', text: 'x' }], /^\/etc\/passwd is an absolute path$/],
    [
      'goes through a link',
      [
        { name: 'a', type: 'symlink', linkname: '/etc' },
        { name: 'a/passwd', text: 'x' },
      ],
      /^\/a\/passwd lies below \/a, which is no folder$/,
    ],
    [
      'links hard to a file of the host',
      [{ name: 'a', type: 'link', linkname: 'etc/shadow' }],
      /^\/a is a hard link to \/etc\/shadow, and no such file comes before it$/,
    ],
    ['links hard out', [{ name: 'a', type: 'link', linkname: '../x' }], /leads out of the root/],
    ['has a device', [{ name: 'srv/sda', type: 'block-device' }], /^\/srv\/sda is a block-device$/],
    ['has a pipe', [{ name: 'srv/pipe', type: 'fifo' }], /^\/srv\/pipe is a fifo$/],
    [
      'leads /usr elsewhere',
      [{ name: 'usr', type: 'symlink', linkname: 'srv' }],
      /^\/usr is no folder$/,
    ],
    [
      'is one thing and another',
      [{ name: 'a', text: 'x' }, { name: 'a/' }],
      /^\/a is in it twice: as file and as dir$/,
    ],
    ['is empty', [], /^nothing is in the archive$/],
  ];
  it.each(hostile)('that %s is refused', async (_, entries, why) => {
    await expect(listed(written('root.tar', await tar(entries)))).rejects.toThrow(why);
  });

  it('that is too much is refused before it is read whole', async () => {
    const limits = { entries: 3, file: 1 << 20, all: 3 << 20 };
    const big = 'x'.repeat((1 << 20) + 1);
    const most = 'x'.repeat(850_000);
    const tries: [readonly Packed[], RegExp][] = [
      [[{ name: 'a', text: big }], /^\/a has 1 MB$/],
      [
        ['a', 'b', 'c', 'd'].map((name) => ({ name, text: most })),
        /^its files come to more than 3 MB$/,
      ],
      [
        ['a', 'b', 'c', 'd'].map((name) => ({ name, text: '' })),
        /^it has more than 3 files and folders$/,
      ],
      [[{ name: 'dev/a', text: big.repeat(8) }], /^it unpacks to more than 4 MB$/],
    ];
    for (const [entries, why] of tries) {
      const packed = gzipSync(await tar(entries));
      await expect(listed(written('root.tar.gz', packed), limits)).rejects.toThrow(why);
    }
  });

  it('that is cut off or is none says so', async () => {
    const packed = gzipSync(await tar(USUAL));
    for (const bytes of [packed.subarray(0, 80), Buffer.from('PK not a tar'.repeat(99))]) {
      await expect(listed(written('root.tar', bytes))).rejects.toThrow(
        /^the archive cannot be read: /,
      );
    }
    await expect(listed('/nowhere/root.tar')).rejects.toThrow('no such folder or archive');
  });
});

describe('a root in a folder', () => {
  it('is read with modes and links, its owner standing for root', async () => {
    const folder = temporary({ 'etc/app': 'x', 'usr/bin/app': '#!/bin/sh\n', 'proc/1/stat': '1' });
    chmodSync(join(folder, 'usr/bin/app'), 0o6755);
    symlinkSync('/etc/passwd', join(folder, 'etc/link'));
    mkdirSync(join(folder, 'var'));
    const { listing } = await listed(folder);
    expect(listing['usr/bin/app']).toMatchObject({ kind: 'file', mode: 0o6755 });
    expect(listing['usr/bin/app']).not.toHaveProperty('user');
    expect(listing['etc/link']).toEqual({ kind: 'link', target: '/etc/passwd' });
    expect(Object.keys(listing)).not.toContain('proc/1');
  });
});

describe('the host’s own root', () => {
  it('has of /etc and /var what every user may read, and nothing else', async () => {
    const host = temporary({
      'etc/app': 'x',
      'etc/secret': 'x',
      'etc/private/key': 'x',
      'var/lib/app/data': 'x',
      'var/cache/much': 'x',
      'home/me/.ssh/id': 'x',
      'opt/much': 'x',
      'root/x': 'x',
      'srv/x': 'x',
    });
    chmodSync(join(host, 'etc/app'), 0o644);
    chmodSync(join(host, 'etc/secret'), 0o640);
    chmodSync(join(host, 'etc/private'), 0o711);
    const blobs = memoryBlobs();
    const { digest } = await readHostRoot(blobs, { host });
    const files = Object.entries(listingOf(digest, blobs)).filter(
      ([, { kind }]) => kind === 'file',
    );
    expect(files.map(([path]) => path).sort()).toEqual(['etc/app', 'var/lib/app/data']);
  });
});

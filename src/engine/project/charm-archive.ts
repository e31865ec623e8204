/**
 * A packed charm: a zip archive, read entry by entry so that nothing in it can lead out of the
 * folder it is unpacked to.
 * Source: APPNOTE.TXT 6.3 (end of central directory, central directory header, local header); Unix
 * modes as Info-ZIP and Python's zipfile keep them.
 * Not modelled: zip64, encryption, compression methods other than stored and deflated.
 */
import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Mistake } from '../model/mistake.ts';
import { isPlainTarget, type CharmEntry } from './charm-entry.ts';

type Header = {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly packed: number;
  readonly size: number;
  readonly mode: number;
  readonly offset: number;
  readonly next: number;
};

const ARCHIVE_MAX = 512 * 1024 * 1024;
const UNPACKED_MAX = 1024 * 1024 * 1024;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const FORMAT_BITS = 0o170000;
const LINK = 0o120000;
const FOLDER = 0o040000;

function refuse(file: string, why: string): never {
  throw new Mistake(`${file}: ${why}`, { hint: 'Pack the charm again: charmcraft pack.' });
}

function endOfDirectory(zip: Buffer, file: string): { count: number; at: number } {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at -= 1) {
    if (zip.readUInt32LE(at) !== END) continue;
    return { count: zip.readUInt16LE(at + 10), at: zip.readUInt32LE(at + 16) };
  }
  return refuse(file, 'not a zip archive');
}

function headerAt(zip: Buffer, at: number, file: string): Header {
  if (zip.readUInt32LE(at) !== CENTRAL) refuse(file, 'a torn zip archive');
  const lengths = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
  const [nameLength = 0, extra = 0, comment = 0] = lengths;
  return {
    name: zip.toString('utf8', at + 46, at + 46 + nameLength),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    mode: zip.readUInt32LE(at + 38) >>> 16,
    offset: zip.readUInt32LE(at + 42),
    next: at + 46 + nameLength + extra + comment,
  };
}

function checkedPath(name: string, file: string): string {
  const names = name.split('/').filter((part) => part !== '' && part !== '.');
  const bad = name.startsWith('/') || names.includes('..') || /[\0\\]/.test(name);
  if (bad || names.length === 0) refuse(file, `${JSON.stringify(name)} leads out of the archive`);
  return names.join('/');
}

function contents(zip: Buffer, header: Header, file: string): Uint8Array {
  if (header.flags & 1) refuse(file, `${header.name} is encrypted`);
  if (zip.readUInt32LE(header.offset) !== LOCAL) refuse(file, 'a torn zip archive');
  const before = zip.readUInt16LE(header.offset + 26) + zip.readUInt16LE(header.offset + 28);
  const start = header.offset + 30 + before;
  const packed = zip.subarray(start, start + header.packed);
  if (header.method === 0) return packed;
  if (header.method !== 8) refuse(file, `${header.name} is compressed in an unknown way`);
  const bytes = inflateRawSync(packed, { maxOutputLength: header.size + 1 });
  if (bytes.length !== header.size) refuse(file, `${header.name} is not as long as it says`);
  return bytes;
}

function guarded<Value>(file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof Mistake) throw error;
    return refuse(file, 'a torn zip archive');
  }
}

/** No link leads out, and nothing lies below a link: then no path of the archive does. */
function checkedLinks(entries: CharmEntry[], file: string): CharmEntry[] {
  const links = entries.filter(({ kind }) => kind === 'link');
  for (const link of links) {
    const target = Buffer.from(link.bytes()).toString('utf8');
    const inside = posix.join(posix.dirname(link.path), target);
    if (!isPlainTarget(target) || inside.startsWith('..')) {
      refuse(file, `the link ${link.path} leads out of the archive`);
    }
    const below = entries.find(({ path }) => path.startsWith(`${link.path}/`));
    if (below) refuse(file, `${below.path} lies below a link`);
  }
  return entries;
}

function entriesOf(zip: Buffer, file: string): readonly CharmEntry[] {
  const { count, at } = endOfDirectory(zip, file);
  const entries = new Map<string, CharmEntry>();
  let place = at;
  let total = 0;
  for (let read = 0; read < count; read += 1) {
    const header = headerAt(zip, place, file);
    place = header.next;
    total += header.size;
    if (total > UNPACKED_MAX) refuse(file, `unpacks to more than ${UNPACKED_MAX} bytes`);
    if (header.name.endsWith('/') || (header.mode & FORMAT_BITS) === FOLDER) continue;
    const path = checkedPath(header.name, file);
    const kind = (header.mode & FORMAT_BITS) === LINK ? 'link' : 'file';
    const executable = (header.mode & 0o111) !== 0;
    const bytes = (): Uint8Array => guarded(file, () => contents(zip, header, file));
    if (entries.has(path)) refuse(file, `${path} is in it twice`);
    entries.set(path, { path, kind, executable, bytes });
  }
  return checkedLinks([...entries.values()], file).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The files and links of a packed charm, by path. Throws a Mistake when it is no archive or a
 * hostile one.
 */
export function readArchive(file: string): readonly CharmEntry[] {
  const { size } = statSync(file);
  if (size > ARCHIVE_MAX) refuse(file, `larger than ${ARCHIVE_MAX} bytes`);
  const zip = readFileSync(file);
  return guarded(file, () => entriesOf(zip, file));
}

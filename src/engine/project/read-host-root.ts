/**
 * The root of the machine that plays, as far as it is given to a charm: /etc and /var, and of these what every user of
 * the host may read. So a charm sees what anybody on the host could, whoever plays.
 * Left out: caches and temporary files; files of more than 16 MB; sockets, pipes and devices; other file systems
 * mounted in there; what goes away while it is read. /home, /opt, /root, /run, /srv and /tmp are never looked at;
 * programs come as with every base.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import type { ReadRoot } from '../tree/machine-spec.ts';
import type { ImageLimits } from './read-image.ts';
import {
  ROOT_LIMITS,
  add,
  addFile,
  beginRoot,
  checkFileSize,
  endRoot,
  ownersFor,
  type RootReading,
} from './root-listing.ts';

const TOPS = ['etc', 'var'];
const LARGE = 16 << 20;
const LEFT_OUT = ['var/cache', 'var/crash', 'var/lib/juju', 'var/tmp'];
const ALL_READ = 0o004;
const ALL_ENTER = 0o005;
const LATER = ['ENOENT', 'EACCES', 'ENOTDIR', 'EPERM'];

type Host = { readonly reading: RootReading; readonly host: string };

/** What is there no more, or is nobody's to read after all, is not there. */
function unlessGone<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (LATER.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function readEntry(from: Host, path: string, device: number): void {
  const { reading, host } = from;
  const at = join(host, path);
  const stats = unlessGone(() => lstatSync(at));
  if (!stats || stats.dev !== device) return;
  const owned = { mode: stats.mode & 0o7777, ...ownersFor(stats.uid, stats.gid) };
  if (stats.isDirectory()) readFolder(from, path, stats);
  else if (stats.isSymbolicLink()) {
    const target = unlessGone(() => readlinkSync(at));
    const { mode: _mode, ...owners } = owned;
    if (target !== null) add(reading, path, { kind: 'link', target, ...owners });
  } else if (stats.isFile() && stats.mode & ALL_READ && stats.size <= LARGE) {
    checkFileSize(reading, path, stats.size);
    const bytes = unlessGone(() => readFileSync(at));
    if (bytes) addFile(reading, path, { bytes, ...owned });
  }
}

function readFolder(from: Host, path: string, { dev, mode, uid, gid }: Stats): void {
  const listing = { kind: 'dir', mode: mode & 0o7777, ...ownersFor(uid, gid) } as const;
  add(from.reading, path, listing);
  if ((mode & ALL_ENTER) !== ALL_ENTER) return;
  const names = unlessGone(() => readdirSync(join(from.host, path))) ?? [];
  for (const name of names.sort()) {
    const below = `${path}/${name}`;
    if (!name.includes('�') && !LEFT_OUT.includes(below)) readEntry(from, below, dev);
  }
}

/** Throws a Mistake without a place when there is too much of it. */
export async function readHostRoot(
  blobs: Blobs,
  { host = '/', limits = ROOT_LIMITS }: { host?: string; limits?: ImageLimits } = {},
): Promise<ReadRoot> {
  const reading = beginRoot(blobs, limits);
  for (const top of TOPS) {
    const stats = unlessGone(() => lstatSync(join(host, top)));
    if (stats?.isDirectory()) readFolder({ reading, host }, top, stats);
  }
  return await Promise.resolve(endRoot(reading));
}

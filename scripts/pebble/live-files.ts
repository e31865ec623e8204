/**
 * The files of a container whose programs are really run: they lie in its sandbox, and the simulated Pebble finds what
 * is there when it is asked. Contents are fetched for the request that reads them, and then forgotten.
 * Not modelled: other owners than those that Pebble was told, which the files themselves do not have.
 */
import type {
  ContainerFile,
  ContainerSandbox,
  ContainerWrite,
} from '../../src/engine/dispatch/container-sandbox.ts';
import { emptyDir, fileOf } from '../../src/engine/files/edit.ts';
import { overlay } from '../../src/engine/files/overlay.ts';
import { child, resolve } from '../../src/engine/files/path.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import { sha256 } from '../../src/engine/project/digest.ts';

/** Read for every program that is started. */
const ACCOUNTS = ['/etc/passwd', '/etc/group'];

/** Contents that are held for as long as one request takes. */
export class PassingBlobs implements Blobs {
  private held = new Map<string, Uint8Array>();

  put(bytes: Uint8Array): string {
    const digest = sha256(bytes);
    this.hold(digest, Uint8Array.from(bytes));
    return digest;
  }

  get(digest: string): Uint8Array {
    const bytes = this.held.get(digest);
    if (!bytes) throw new Error(`the content of ${digest} was not fetched`);
    return bytes;
  }

  has(digest: string): boolean {
    return this.held.has(digest);
  }

  hold(digest: string, bytes: Uint8Array): void {
    this.held.set(digest, bytes);
  }

  keepOnly(digests: readonly string[]): void {
    this.held = new Map([...this.held].filter(([digest]) => digests.includes(digest)));
  }
}

function fileAt(root: Dir, path: string) {
  const found = resolve(root, path);
  if (typeof found === 'string' || found.entry?.kind !== 'file') return null;
  return { path: `/${found.at.join('/')}`, digest: found.entry.digest };
}

function writeOf(entry: Entry, blobs: Blobs): ContainerWrite {
  const { kind, mode, modified } = entry;
  if (entry.kind === 'file')
    return { kind: 'file', mode, modified, bytes: blobs.get(entry.digest) };
  if (entry.kind === 'link') return { kind: 'link', mode, modified, target: entry.target };
  return { kind, mode, modified } as ContainerWrite;
}

function* writesBelow(dir: Dir, at: string, blobs: Blobs): Generator<[string, ContainerWrite]> {
  for (const [name, entry] of Object.entries(dir.entries)) {
    yield [`${at}/${name}`, writeOf(entry, blobs)];
    if (entry.kind === 'dir') yield* writesBelow(entry, `${at}/${name}`, blobs);
  }
}

/** What is found, by folder and name. */
function byFolder(files: ReadonlyMap<string, ContainerFile>) {
  const folders = new Map<string, [string, ContainerFile][]>();
  for (const [path, file] of files) {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash);
    const inside = folders.get(folder);
    if (inside) inside.push([path.slice(slash + 1), file]);
    else folders.set(folder, [[path.slice(slash + 1), file]]);
  }
  return folders;
}
type Folders = ReturnType<typeof byFolder>;

/** `old`: what was known of it, which says whom files belong to. */
function dirAt(
  at: string,
  { old, empty }: { readonly old: Dir | null; readonly empty: Dir },
  folders: Folders,
): Dir {
  const entries = (folders.get(at) ?? []).map(([name, file]): [string, Entry] => {
    const path = `${at}/${name}`;
    const before = old ? child(old, name) : undefined;
    const same = before?.kind === file.kind ? before : undefined;
    const { mode, modified } = file;
    const owner = { user: same?.user ?? 'root', group: same?.group ?? 'root' };
    const own = { mode, modified, ...owner };
    if (file.kind === 'link') return [name, { kind: 'link', target: file.target, ...own }];
    // No digest, but as good as one: it stands for this content alone.
    const digest = `${path} ${file.kind === 'file' ? file.version : ''}`;
    if (file.kind === 'file') return [name, fileOf({ digest, size: file.size }, modified, own)];
    const folder = same?.kind === 'dir' ? same : null;
    return [name, dirAt(path, { old: folder, empty: emptyDir(modified, own) }, folders)];
  });
  return Object.freeze({ ...empty, entries: Object.freeze(Object.fromEntries(entries)) });
}

export class LiveFiles {
  private readonly blobs: PassingBlobs;
  private readonly sandbox: ContainerSandbox;

  constructor(sandbox: ContainerSandbox, blobs: PassingBlobs) {
    this.sandbox = sandbox;
    this.blobs = blobs;
  }

  /** The tree as it is by now. */
  async pull(root: Dir): Promise<Dir> {
    const files = await this.sandbox.files();
    const { mode, user, group, modified } = root;
    const empty = emptyDir(modified, { mode, user, group });
    return dirAt('', { old: root, empty }, byFolder(files));
  }

  /** Makes what Pebble has changed so. */
  async push(before: Dir, after: Dir): Promise<void> {
    if (before === after) return;
    const { root, gone } = overlay(before, after);
    const removed = Object.keys(gone).map((path): [string, ContainerWrite] => [`/${path}`, null]);
    await this.sandbox.write([...removed, ...writesBelow(root, '', this.blobs)]);
  }

  /** Fetches what is read at these paths. */
  async fetch(root: Dir, paths: readonly string[]): Promise<void> {
    for (const path of [...ACCOUNTS, ...paths]) {
      const file = fileAt(root, path);
      if (!file || this.blobs.has(file.digest)) continue;
      const bytes = await this.sandbox.read(file.path);
      this.blobs.hold(file.digest, bytes ?? new Uint8Array());
    }
  }

  forget(root: Dir): void {
    this.blobs.keepOnly(ACCOUNTS.flatMap((path) => fileAt(root, path)?.digest ?? []));
  }
}

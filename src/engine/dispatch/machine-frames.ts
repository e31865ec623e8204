/**
 * Frames between a simulated program of the machine and the engine, on the unit agent's socket: what it found, what it
 * is to look at, what becomes of the root. client/machine-command is the other side, agent-frames.ts has the rest.
 */
import type { CommandFile, Found, Reply, RootChange } from '../model/request.ts';

/** What the program says of a path: `f MODE`, `d MODE`, `l` or `o`; its bytes or target follow. */
export function foundIn(fields: readonly Buffer[]): Record<string, Found> | null {
  const found: Record<string, Found> = {};
  if (fields.length % 3 !== 0) return null;
  for (let at = 0; at < fields.length; at += 3) {
    const [path, about, bytes] = fields.slice(at, at + 3) as [Buffer, Buffer, Buffer];
    const one = foundOne(about.toString('latin1'), bytes);
    if (!one) return null;
    found[path.toString('utf8')] = one;
  }
  return found;
}

function foundOne(about: string, bytes: Buffer): Found | null {
  const [kind, digits = ''] = about.split(' ');
  const mode = Number.parseInt(digits, 8);
  if (kind === 'l') return { kind: 'link', target: bytes.toString('utf8') };
  if (kind === 'o') return { kind: 'other' };
  if (Number.isNaN(mode)) return null;
  if (kind === 'd') return { kind: 'dir', mode };
  return kind === 'f' ? { kind: 'file', mode, bytes: new Uint8Array(bytes) } : null;
}

function aboutOf(change: RootChange): string {
  if (change.kind === 'removed') return 'r';
  const { user = 'root', group = 'root' } = change;
  const mode = change.kind === 'link' ? 777 : change.mode.toString(8);
  return `${change.kind[0]} ${mode} ${user} ${group}`;
}

function bytesOf(change: RootChange): Uint8Array {
  if (change.kind === 'link') return Buffer.from(change.target);
  return change.kind === 'file' ? change.bytes : Buffer.alloc(0);
}

function asChange({ path, bytes }: CommandFile): readonly [string, RootChange] {
  return [path, { kind: 'file', mode: 0o644, bytes }];
}

function word(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function withLength(bytes: Uint8Array): readonly Uint8Array[] {
  return [word(bytes.length), bytes];
}

function framed(parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([word(length), ...parts]);
}

/** The same for the server in the sandbox: for answers that go to no program. */
export function wireChanges(
  root: NonNullable<Reply['root']>,
): readonly (readonly [string, string, string])[] {
  return Object.entries(root).map(([path, change]) => [
    path,
    aboutOf(change),
    Buffer.from(bytesOf(change)).toString('base64'),
  ]);
}

/** 1 and the paths to look at. */
export function lookFrame(paths: readonly string[]): Buffer {
  return framed([word(1), ...paths.flatMap((path) => withLength(Buffer.from(path)))]);
}

/** 0, an exit code, stdout and stderr; then path, words and bytes of each change. */
export function machineReplyFrame(reply: Reply): Buffer {
  const out = typeof reply.out === 'string' ? Buffer.from(reply.out) : reply.out;
  const changes = [...(reply.files ?? []).map(asChange), ...Object.entries(reply.root ?? {})];
  const root = changes.flatMap(([path, change]) => [
    ...withLength(Buffer.from(path)),
    ...withLength(Buffer.from(aboutOf(change))),
    ...withLength(bytesOf(change)),
  ]);
  const err = Buffer.from(reply.err ?? '');
  return framed([word(0), word(reply.code), ...withLength(out), ...withLength(err), ...root]);
}

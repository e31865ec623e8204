/**
 * Frames on the unit agent's socket: what a hook command, or Python in the charm's process, sends
 * and is told. A frame is a length and that many bytes; a request's bytes are fields, each a
 * length and its bytes. All lengths are 32 bits, big-endian. agent.py and client/hook-command are
 * its other side. What programs of the machine say is in machine-frames.ts.
 */
import type { Json } from '../model/json.ts';
import type { Found, Reply } from '../model/request.ts';
import { foundIn } from './machine-frames.ts';

/** `context` is the JUJU_CONTEXT_ID the asker has. */
export type AgentFrame =
  | {
      readonly kind: 'command';
      readonly context: string;
      readonly cwd: string;
      readonly stdin: Uint8Array | null;
      /** What is in the files that arguments name, by path as written. */
      readonly files: Readonly<Record<string, Uint8Array>>;
      readonly argv: readonly string[];
    }
  | MachineFrame
  | {
      readonly kind: 'call';
      readonly context: string;
      readonly name: string;
      readonly args: readonly Json[];
    }
  | {
      readonly kind: 'traced';
      readonly context: string;
      readonly what: string;
      readonly data: Json;
    };

/**
 * A simulated program of the machine, which may have no context. `uid`: whose process asks. `looks`: how often it was
 * told to look.
 */
export type MachineFrame = {
  readonly kind: 'machine';
  readonly context: string;
  readonly cwd: string;
  readonly uid: number;
  readonly looks: number;
  /** What it found so far where it was told to look. */
  readonly found: Readonly<Record<string, Found>>;
  readonly argv: readonly string[];
};

/** The largest request: what an argument list and a file of stdin may have together. */
export const FRAME_BYTES_MAX = 64 << 20;

export class BadFrame extends Error {}

function fields(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    if (at + 4 > body.length) throw new BadFrame('a field without a length');
    const length = body.readUInt32BE(at);
    at += 4;
    if (at + length > body.length) throw new BadFrame('a field longer than its frame');
    found.push(body.subarray(at, at + length));
    at += length;
  }
  return found;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new BadFrame('a field that is not JSON');
  }
}

/** Files by path, in one field: path and contents in turn. */
function filesIn(field: Buffer): Record<string, Uint8Array> {
  const all = fields(field);
  const files: Record<string, Uint8Array> = {};
  for (let at = 0; at < all.length; at += 2) {
    const bytes = all[at + 1];
    if (bytes === undefined) throw new BadFrame('a file without contents');
    files[(all[at] as Buffer).toString('utf8')] = new Uint8Array(bytes);
  }
  return files;
}

function machineFrame(all: readonly Buffer[], context: string): MachineFrame {
  const [, , cwd, asks, field, ...argv] = all;
  const found = field && foundIn(fields(field));
  const [uid = NaN, looks = NaN] = asks?.toString('latin1').split(' ').map(Number) ?? [];
  if (!cwd || !found || !Number.isInteger(uid + looks) || argv.length === 0)
    throw new BadFrame('a field is missing');
  return {
    kind: 'machine',
    context,
    cwd: cwd.toString('utf8'),
    uid,
    looks,
    found,
    argv: argv.map((part) => part.toString('utf8')),
  };
}

/** One request; throws BadFrame for anything else, which only a hostile charm sends. */
export function readAgentFrame(body: Buffer): AgentFrame {
  const all = fields(body);
  const text = (index: number): string => {
    const field = all[index];
    if (field === undefined) throw new BadFrame('a field is missing');
    return field.toString('utf8');
  };
  const context = text(1);
  switch (text(0)) {
    case 'command': {
      const stdin = all[3];
      const files = all[4];
      const argv = all.slice(5).map((field) => field.toString('utf8'));
      if (stdin === undefined || files === undefined || argv.length === 0)
        throw new BadFrame('a field is missing');
      const sent = stdin[0] === 0x2b ? new Uint8Array(stdin.subarray(1)) : null;
      return { kind: 'command', context, cwd: text(2), stdin: sent, files: filesIn(files), argv };
    }
    case 'machine':
      return machineFrame(all, context);
    case 'call': {
      const args = parsed(text(3));
      if (!Array.isArray(args)) throw new BadFrame('arguments that are not a list');
      return { kind: 'call', context, name: text(2), args };
    }
    case 'traced':
      return { kind: 'traced', context, what: text(2), data: parsed(text(3)) };
    default:
      throw new BadFrame('a request of no known kind');
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function withLength(bytes: Uint8Array): readonly Uint8Array[] {
  return [word(bytes.length), bytes];
}

/**
 * The answer: its length, an exit code, then stdout and stderr, each with a length; then the files
 * to write, each as a word that is 1 where folders are to be made, its path and its contents.
 */
export function replyFrame(reply: Reply): Buffer {
  const files = (reply.files ?? []).flatMap(({ path, bytes, parents }) => [
    word(parents ? 1 : 0),
    ...withLength(Buffer.from(path)),
    ...withLength(bytes),
  ]);
  const out = withLength(Buffer.from(reply.out as string));
  const err = withLength(Buffer.from(reply.err ?? ''));
  const body = [word(reply.code), ...out, ...err, ...files];
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([word(length), ...body]);
}

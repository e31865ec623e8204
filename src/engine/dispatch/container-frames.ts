/**
 * What is said to the first process of a container's sandbox and what it says: a line of JSON, and behind it as many
 * bytes as its `size` says. supervisor.py is the other side; a new shape is a new `PROTOCOL`.
 */
import type { RefusedFrame } from './control-frames.ts';

export const PROTOCOL = 1;

export type ToContainer = { readonly kind: string; readonly [member: string]: unknown };

export type ContainerHello = {
  readonly kind: 'hello';
  readonly protocol: number;
  readonly rungs: readonly string[];
  /** Paths in the root that are only there to mount something on, outer ones first. */
  readonly made: readonly string[];
};
type OutputFrame = {
  readonly kind: 'output';
  readonly id: number;
  readonly stream: 'stdout' | 'stderr';
};
export type ExitedFrame = {
  readonly kind: 'exited';
  readonly id: number;
  readonly code?: number;
  readonly signal?: string;
  readonly failed?: string;
  readonly limit?: 'memory' | 'processes' | null;
};
export type AnswerFrame = {
  readonly kind: 'answer';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
};
export type FromContainer = ContainerHello | RefusedFrame | OutputFrame | ExitedFrame | AnswerFrame;

const NOTHING = new Uint8Array();

export function framed(frame: ToContainer, bytes: Uint8Array = NOTHING): readonly Uint8Array[] {
  const line = Buffer.from(`${JSON.stringify({ ...frame, size: bytes.length })}\n`);
  return bytes.length === 0 ? [line] : [line, bytes];
}

type Head = { readonly frame: FromContainer; readonly size: number };

/** Splits a stream into frames with their bytes. */
export function containerFrames(
  take: (frame: FromContainer, bytes: Uint8Array) => void,
): (bytes: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let head: Head | null = null;
  const joined = (): Buffer => {
    const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts = [whole];
    return whole;
  };
  const cut = (at: number): Buffer => {
    const whole = joined();
    parts = at < whole.length ? [whole.subarray(at)] : [];
    held -= at;
    return whole.subarray(0, at);
  };
  const nextHead = (): Head | null => {
    const end = parts.length === 0 ? -1 : joined().indexOf(10);
    if (end < 0) return null;
    const frame = JSON.parse(cut(end + 1).toString('utf8')) as FromContainer & { size?: number };
    return { frame, size: frame.size ?? 0 };
  };
  return (bytes) => {
    parts.push(bytes);
    held += bytes.length;
    for (head ??= nextHead(); head && held >= head.size; head = nextHead()) {
      take(head.frame, cut(head.size));
    }
  };
}

/** The unit agent's socket: frames in, replies out, one at a time. Source: juju jujuc/server.go. */
import { createServer, type Server, type Socket } from 'node:net';
import { BadFrame, FRAME_BYTES_MAX, readAgentFrame, replyFrame } from './agent-frames.ts';
import { lookFrame, machineReplyFrame } from './machine-frames.ts';
import type { RunningEvent } from './running-event.ts';
import { onceHad } from './turns.ts';

/** Unfinished requests of all connections together may hold this much. */
const HELD_BYTES_MAX = 2 * FRAME_BYTES_MAX;
type Held = { bytes: number };

function serve(socket: Socket, all: Held, running: () => RunningEvent | null): void {
  let parts: Buffer[] = [];
  let held = 0;
  const hold = (bytes: number): void => {
    all.bytes += bytes - held;
    held = bytes;
    if (all.bytes > HELD_BYTES_MAX || held >= FRAME_BYTES_MAX) socket.destroy();
  };
  /** Requests that were held, one after another; null until any was. */
  let turn: Promise<void> | null = null;
  const take = (frames: readonly Buffer[]): void => {
    const served = frames.every((body) => answer(socket, body, running()));
    if (!served) socket.destroy();
  };
  socket.on('close', () => hold(0));
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    parts.push(bytes);
    hold(held + bytes.length);
    if (held < 4 || socket.destroyed) return;
    // Joined only when a frame is whole: a large one comes in many parts.
    if ((parts[0] as Buffer).length < 4) parts = [Buffer.concat(parts)];
    if (held < 4 + (parts[0] as Buffer).readUInt32BE(0)) return;
    const { frames, rest } = split(Buffer.concat(parts));
    parts = rest.length > 0 ? [rest] : [];
    hold(rest.length);
    const websockets = running()?.websockets;
    if (!turn && !websockets?.pending()) return take(frames);
    turn = (turn ?? Promise.resolve()).then(() => websockets?.settled()).then(() => take(frames));
  });
}

function split(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= 4) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    frames.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

/**
 * False: the connection has nothing more to expect. An event that is being killed waits for its
 * end in silence.
 */
function answer(socket: Socket, body: Buffer, event: RunningEvent | null): boolean {
  if (event === null) return false;
  try {
    const frame = readAgentFrame(body);
    if (frame.kind === 'machine') {
      onceHad(event.machine(frame, socket), (told) => {
        if (told) socket.write('look' in told ? lookFrame(told.look) : machineReplyFrame(told));
      });
      return true;
    }
    onceHad(event.agent(frame), (reply) => {
      if (reply) socket.write(replyFrame(reply));
    });
    return true;
  } catch (error) {
    if (error instanceof BadFrame) return false;
    throw error;
  }
}

export function agentServer(running: () => RunningEvent | null): Server {
  const all: Held = { bytes: 0 };
  return createServer((socket) => serve(socket, all, running));
}

/** The unit agent's socket: frames in, replies out, one at a time. Source: juju jujuc/server.go. */
import { createServer, type Server, type Socket } from 'node:net';
import { BadFrame, FRAME_BYTES_MAX, readAgentFrame, replyFrame } from './agent-frames.ts';
import type { RunningEvent } from './running-event.ts';

function serve(socket: Socket, running: () => RunningEvent | null): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0);
      if (length > FRAME_BYTES_MAX) return void socket.destroy();
      if (pending.length < 4 + length) return;
      const body = pending.subarray(4, 4 + length);
      pending = pending.subarray(4 + length);
      if (!answer(socket, body, running())) return void socket.destroy();
    }
  });
}

/** False: the connection has nothing more to expect. An event that is being killed waits for its end in silence. */
function answer(socket: Socket, body: Buffer, event: RunningEvent | null): boolean {
  if (event === null) return false;
  try {
    const reply = event.agent(readAgentFrame(body));
    if (reply) socket.write(replyFrame(reply));
    return true;
  } catch (error) {
    if (error instanceof BadFrame) return false;
    throw error;
  }
}

export function agentServer(running: () => RunningEvent | null): Server {
  return createServer((socket) => serve(socket, running));
}

/** This program's terminal, joined with a shell's in a sandbox: what is typed goes there, what it shows comes here. */
import { createServer, type Server, type Socket } from 'node:net';

function frame(kind: 'd' | 'w', bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function sizeFrame({ rows, columns }: NodeJS.WriteStream): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(rows, 0);
  size.writeUInt16BE(columns, 2);
  return frame('w', size);
}

function join(wire: Socket, { stdin, stdout }: NodeJS.Process): void {
  const resized = (): void => void wire.write(sizeFrame(stdout));
  const typed = (bytes: Buffer): void => void wire.write(frame('d', bytes));
  const ended = (): void => void wire.end();
  stdin.on('data', typed).on('end', ended);
  wire.on('data', (bytes) => stdout.write(bytes));
  if (stdout.isTTY) {
    resized();
    stdout.on('resize', resized);
  }
  if (stdin.isTTY) stdin.setRawMode(true);
  const over = (): void => {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.off('data', typed).off('end', ended).pause();
    stdout.off('resize', resized);
  };
  wire.once('close', over).on('error', () => wire.destroy());
}

/** Serves one shell: the first that comes. */
export function terminalServer(process: NodeJS.Process): Server {
  let taken = false;
  return createServer({ allowHalfOpen: true }, (wire) => {
    if (taken) return void wire.destroy();
    taken = true;
    join(wire, process);
  });
}

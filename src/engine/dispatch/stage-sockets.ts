/**
 * What a stage keeps in its folder on the host: sockets, the pipes for output, the clock's file.
 */
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Mistake } from '../model/mistake.ts';
import type { Millis } from '../model/request.ts';
import { agentServer } from './agent-server.ts';
import { containerServer } from './container-server.ts';
import { openOutput, type OutputLines } from './output-lines.ts';
import type { StageOptions } from './stage-options.ts';
import type { RunningEvent } from './running-event.ts';

export type Sockets = {
  readonly folder: string;
  readonly clock: string;
  /** A folder for roots that are on their way to the sandbox. */
  readonly packs: string;
  readonly pipes: Readonly<Record<'stdout' | 'stderr', string>>;
  /** Socket files by what they are for: `agent`, `container <name>`. */
  readonly places: Readonly<Record<string, string>>;
  readonly output: OutputLines;
  /**
   * Without a sandbox: the folder that stands for the machine. Its name is short, as sockets'
   * paths must be.
   */
  readonly bare: string | null;
  /** Named pipes are made by the launcher: output can be read once it has greeted. */
  readOutput(): void;
  setClock(now: Millis): void;
  /** How many bytes and connections came by now, on all sockets. */
  received(): number;
  /**
   * Ends every connection, those that nobody has accepted yet as well: what an event's processes
   * sent and did not wait for would be taken for the next event's.
   */
  hangUp(): Promise<void>;
  close(): Promise<void>;
};

const NAME = /^[a-z0-9][a-z0-9-]*$/;

/**
 * A socket's path may have 107 bytes and a project's folder may be deep: the path given goes
 * through the folder's descriptor. The socket may be written by all, as the charm's user is not
 * ours; its folder is ours alone.
 */
async function listenIn(folder: number, name: string, server: Server): Promise<void> {
  const path = `/proc/self/fd/${folder}/${name}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o666);
  server.unref();
}

function connectionsOf(servers: readonly Server[]): Pick<Sockets, 'hangUp' | 'received'> {
  const open = new Set<Socket>();
  let accepted = 0;
  let gone = 0;
  for (const server of servers) {
    server.on('connection', (socket: Socket) => {
      accepted += 1;
      open.add(socket);
      socket.once('close', () => {
        gone += socket.bytesRead + 1;
        open.delete(socket);
      });
    });
  }
  return {
    received: () => [...open].reduce((sum, { bytesRead }) => sum + bytesRead, accepted + gone),
    async hangUp() {
      let before: number;
      await setImmediate();
      do {
        before = accepted;
        // A turn of the event loop accepts one, at least, where any waits.
        await setImmediate();
      } while (accepted > before);
      for (const socket of open) socket.destroy();
    },
  };
}

export async function openSockets(
  options: Pick<StageOptions, 'workFolder' | 'containers' | 'sandbox' | 'terminal'>,
  running: () => RunningEvent | null,
): Promise<Sockets> {
  const { workFolder, containers } = options;
  const bad = containers.find((name) => !NAME.test(name));
  if (bad !== undefined) throw new Mistake(`"${bad}" cannot name a container`);
  mkdirSync(workFolder, { recursive: true, mode: 0o700 });
  for (const name of ['sockets', 'root', 'pipes', 'packs', 'clock']) {
    rmSync(join(workFolder, name), { recursive: true, force: true });
  }
  for (const name of ['sockets', 'root', 'pipes', 'packs']) mkdirSync(join(workFolder, name));
  const folder = join(workFolder, 'sockets');
  const handle = openSync(folder, 'r');
  const servers: Server[] = [agentServer(running), containerServer('snapd', running)];
  const places: Record<string, string> = { agent: 'agent', snapd: 'snapd' };
  for (const [index, name] of containers.entries()) {
    servers.push(containerServer(name, running));
    places[`container ${name}`] = `container-${index}`;
  }
  if (options.terminal) {
    servers.push(options.terminal);
    places['terminal'] = 'terminal';
  }
  const names = Object.values(places);
  for (const [index, server] of servers.entries()) {
    await listenIn(handle, names[index] as string, server);
  }
  const clock = join(workFolder, 'clock');
  const clockFile = openSync(clock, 'w+', 0o644);
  const bare = options.sandbox !== 'namespaces' ? mkdtempSync(join(tmpdir(), 'playbill-')) : null;
  return assembled({ bare, workFolder, folder, clock, clockFile, places, servers, handle });
}

type Parts = {
  readonly bare: string | null;
  readonly workFolder: string;
  readonly folder: string;
  readonly clock: string;
  readonly clockFile: number;
  readonly places: Readonly<Record<string, string>>;
  readonly servers: readonly Server[];
  readonly handle: number;
};

function assembled(parts: Parts): Sockets {
  const { bare, workFolder, folder, clock, clockFile, places, servers, handle } = parts;
  const pipes = {
    stdout: join(workFolder, 'pipes/stdout'),
    stderr: join(workFolder, 'pipes/stderr'),
  };
  const bytes = Buffer.alloc(8);
  let output: OutputLines | null = null;
  const setClock = (now: Millis): void => {
    bytes.writeDoubleLE(now);
    writeSync(clockFile, bytes, 0, 8, 0);
  };
  setClock(0);
  return {
    ...connectionsOf(servers),
    bare,
    folder,
    clock,
    packs: join(workFolder, 'packs'),
    pipes,
    places,
    setClock,
    get output() {
      if (!output) throw new Error('output is read once the sandbox has greeted');
      return output;
    },
    readOutput() {
      output?.close();
      output = openOutput(pipes);
    },
    async close() {
      output?.close();
      for (const server of servers) {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
        });
      }
      if (bare !== null) rmSync(bare, { recursive: true, force: true });
      closeSync(clockFile);
      closeSync(handle);
    },
  };
}

/** The plan of a sandbox, handed to the launcher. Its shape is launch.py's `plan`. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mistake } from '../model/mistake.ts';
import type { StageOptions } from './stage-options.ts';
import { startSandbox, type SandboxProcess } from './sandbox-process.ts';
import type { Sockets } from './stage-sockets.ts';

const CHARMSIDE = fileURLToPath(new URL('../../charmside', import.meta.url));
const COMMAND = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
const UNIT = /^[a-z][a-z0-9-]*\/[0-9]+$/;

/** How long the server may take to import a charm's libraries. */
const PATIENCE_MS = 60_000;

/** A server that was started again finds its folder empty. */
function clearBare(folder: string | null): void {
  if (folder === null) return;
  for (const name of readdirSync(folder))
    rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Starts a sandbox; the server then waits for events. Throws a Mistake when that cannot be done
 * here.
 */
export async function launchSandbox(
  options: StageOptions,
  sockets: Sockets,
): Promise<SandboxProcess> {
  refuseWrongNames(options);
  // What imports the charm's libraries in advance is not confined.
  const fresh = options.freshInterpreter === true || options.sandbox === 'confined';
  const fork = !fresh && options.prepared.main !== null;
  if (!fork) return await launch({ ...planOf(options, sockets), fork }, options, sockets);
  try {
    return await launch({ ...planOf(options, sockets), fork }, options, sockets);
  } catch (error) {
    if (error instanceof Mistake) throw error;
    // A library of the charm ended or held up the server that imported it: events import it
    // themselves.
    return await launch({ ...planOf(options, sockets), fork: false }, options, sockets);
  }
}

function refuseWrongNames({ unit, machineCommands }: StageOptions): void {
  if (process.platform !== 'linux') {
    throw new Mistake(`charms are played on Linux, and this is ${process.platform}`, {
      hint: 'Play in a Linux container or virtual machine; the site can be built anywhere.',
    });
  }
  if (!UNIT.test(unit)) throw new Mistake(`"${unit}" is no unit's name`, { hint: 'As in app/0.' });
  const bad = machineCommands.find((name) => !COMMAND.test(name));
  if (bad !== undefined) throw new Mistake(`"${bad}" cannot name a command`);
}

function planOf(options: StageOptions, sockets: Sockets): object {
  const { prepared, unit, machineCommands } = options;
  return {
    unit,
    folder: prepared.folder,
    main: prepared.main,
    packages: prepared.python?.packages ?? null,
    charmside: CHARMSIDE,
    root: join(options.workFolder, 'root'),
    sockets: sockets.folder,
    clock: sockets.clock,
    packs: sockets.packs,
    outputs: [sockets.pipes.stdout, sockets.pipes.stderr],
    places: sockets.places,
    machineCommands,
    folders: options.locations ?? [],
    loader: options.loader ?? null,
    commands: options.commands ?? null,
    layers: options.lowerRungs !== true,
    bare: sockets.bare,
    confined: options.sandbox === 'confined',
  };
}

async function launch(
  plan: object,
  { prepared }: StageOptions,
  sockets: Sockets,
): Promise<SandboxProcess> {
  for (const pipe of Object.values(sockets.pipes)) rmSync(pipe, { force: true });
  clearBare(sockets.bare);
  const executable = prepared.python?.executable ?? 'python3';
  const args = ['-I', '-B', join(CHARMSIDE, 'python/launch.py'), JSON.stringify(plan)];
  const sandbox = await startSandbox(executable, args, PATIENCE_MS);
  sockets.readOutput();
  return sandbox;
}

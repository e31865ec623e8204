/** The plan of a sandbox, handed to the launcher. Its shape is launch.py's `plan`. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mistake } from '../model/mistake.ts';
import type { StageOptions } from './open-stage.ts';
import { startSandbox, type SandboxProcess } from './sandbox-process.ts';
import type { Sockets } from './stage-sockets.ts';

const CHARMSIDE = fileURLToPath(new URL('../../charmside', import.meta.url));
const COMMAND = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
const UNIT = /^[a-z][a-z0-9-]*\/[0-9]+$/;

/** A server that was started again finds its folder empty. */
function clearBare(folder: string | null): void {
  if (folder === null) return;
  for (const name of readdirSync(folder))
    rmSync(join(folder, name), { recursive: true, force: true });
}

export async function launchSandbox(
  options: StageOptions,
  sockets: Sockets,
): Promise<SandboxProcess> {
  const { prepared, unit, machineCommands } = options;
  if (process.platform !== 'linux') {
    throw new Mistake(`charms are played on Linux, and this is ${process.platform}`, {
      hint: 'Play in a Linux container or virtual machine; the site can be built anywhere.',
    });
  }
  if (!UNIT.test(unit)) throw new Mistake(`"${unit}" is no unit's name`, { hint: 'As in app/0.' });
  const bad = machineCommands.find((name) => !COMMAND.test(name));
  if (bad !== undefined) throw new Mistake(`"${bad}" cannot name a command`);
  for (const pipe of Object.values(sockets.pipes)) rmSync(pipe, { force: true });
  const executable = prepared.python?.executable ?? 'python3';
  const plan = {
    unit,
    folder: prepared.folder,
    main: prepared.main,
    packages: prepared.python?.packages ?? null,
    charmside: CHARMSIDE,
    root: join(options.workFolder, 'root'),
    sockets: sockets.folder,
    clock: sockets.clock,
    outputs: [sockets.pipes.stdout, sockets.pipes.stderr],
    places: sockets.places,
    fork: options.freshInterpreter !== true,
    machineCommands,
    layers: options.withoutLayers !== true,
    bare: sockets.bare,
  };
  clearBare(sockets.bare);
  const launcher = join(CHARMSIDE, 'python/launch.py');
  const sandbox = await startSandbox(executable, ['-I', '-B', launcher, JSON.stringify(plan)]);
  sockets.readOutput();
  return sandbox;
}

/**
 * A charm's Python: an interpreter, and its packages in a folder named by all that decides what is
 * in it. Made once and kept in the work folder; a kill while it is made leaves nothing that is
 * used.
 * Not modelled: editable installs and .pth files of a virtual environment given with --python.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableText } from '../model/json.ts';
import type { PreparedPython } from '../model/prepared.ts';
import { makeWhole } from './atomic-write.ts';
import { installPackages } from './install-packages.ts';
import { listInstalled, type Installed } from './installed-packages.ts';
import type { Interpreter } from './interpreter.ts';
import { requirementTexts, type Requirements } from './requirements.ts';

export type EnvironmentWanted = {
  readonly interpreter: Interpreter;
  readonly requirements: Requirements;
  readonly workFolder: string;
  readonly progress: (line: string) => void;
};

/** Of the way packages are laid out; a new one makes every environment again. */
const LAYOUT = 1;

function hashOf(value: unknown): string {
  return createHash('sha256').update(stableText(value)).digest('hex');
}

function keyOf({ interpreter, requirements }: EnvironmentWanted): string {
  const { version, machine, markers } = interpreter;
  const platform = [markers['sys_platform'], machine, markers['platform_python_implementation']];
  return hashOf({ layout: LAYOUT, version, platform, texts: requirementTexts(requirements) });
}

/** `Python 3.11, ops 3.9.0, from uv.lock`. */
function described({ minor }: Interpreter, installed: readonly Installed[], from: string): string {
  const ops = installed.find(({ name }) => name === 'ops');
  return [
    `Python ${minor}`,
    ...(ops ? [`ops ${ops.version}`] : []),
    ...(from === '' ? [] : [from]),
  ].join(', ');
}

/**
 * The interpreter with a folder of packages that is there already. `from`: where they came from, in
 * words.
 */
export function pythonWith(
  interpreter: Interpreter,
  packages: string,
  from: string,
): PreparedPython {
  const { executable, basePrefix, version, machine } = interpreter;
  const installed = listInstalled(packages);
  return {
    executable,
    basePrefix,
    packages,
    lock: `sha256:${hashOf({ version, machine, installed })}`,
    description: described(interpreter, installed, from),
  };
}

async function fill(part: string, wanted: EnvironmentWanted): Promise<void> {
  const packages = join(part, 'packages');
  const scratch = `${part}.scratch`;
  mkdirSync(scratch);
  await installPackages({ ...wanted, packages, scratch });
  writeFileSync(join(part, 'installed.json'), stableText(listInstalled(packages)));
}

/**
 * Installs what is required, unless it has been. Throws a Mistake that names the package it failed
 * at.
 */
export async function makeEnvironment(wanted: EnvironmentWanted): Promise<PreparedPython> {
  const { interpreter, requirements, workFolder, progress } = wanted;
  const folder = join(workFolder, 'environments', keyOf(wanted));
  const from = requirements.from === '' ? 'no packages' : `from ${requirements.from}`;
  if (!existsSync(folder))
    progress(`Making an environment: Python ${interpreter.version}, ${from}`);
  await makeWhole(folder, (part) => fill(part, wanted));
  return pythonWith(interpreter, join(folder, 'packages'), from);
}

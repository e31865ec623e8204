/**
 * Which Python a charm is played with, and with which packages: of its source, or of what a packed
 * charm brings.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedPython } from '../model/prepared.ts';
import type { CharmEntry } from './charm-entry.ts';
import { checkLibraries } from './charm-libraries.ts';
import type { Packing } from './charmcraft-parts.ts';
import { makeEnvironment, pythonWith } from './environment.ts';
import { findInterpreter } from './interpreter.ts';
import { readRequirements, requiredPython } from './requirements.ts';

export type PythonWanted = {
  /** The charm's folder. */
  readonly folder: string;
  readonly packing: Packing;
  readonly entries: readonly CharmEntry[];
  /** What charmcraft's own dispatch starts, or null. */
  readonly main: string | null;
  readonly workFolder: string;
  readonly asked: string | undefined;
  readonly progress: (line: string) => void;
};

/** A charm without Python files and without a requirements.txt needs none. */
function isPython({ folder, entries, main }: PythonWanted): boolean {
  const own = entries.some(({ path }) => path.endsWith('.py'));
  return main !== null || own || existsSync(join(folder, 'requirements.txt'));
}

/** Null for a charm that is not in Python. Throws Mistakes for charm libraries that are missing. */
export async function pythonOfSource(wanted: PythonWanted): Promise<PreparedPython | null> {
  const { folder, packing, entries, asked, workFolder, progress } = wanted;
  if (!isPython(wanted)) return null;
  checkLibraries(entries, packing);
  const interpreter = await findInterpreter({ asked, requires: requiredPython(folder) });
  if (interpreter.venvPackages !== null) {
    return pythonWith(interpreter, interpreter.venvPackages, 'from the virtual environment given');
  }
  const { markers } = interpreter;
  const requirements = readRequirements({ folder, packing, entries, markers });
  return makeEnvironment({ interpreter, requirements, workFolder, progress });
}

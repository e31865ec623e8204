/**
 * The Python of a packed charm: its own packages where they run with an interpreter that is here,
 * else the same versions installed anew. Which of the two it is, the description says.
 * Source: charmcraft charm_builder.py (`venv` flat) and its newer plugins
 * (`venv/lib/python3.N/site-packages`); PEP 3149.
 * Not modelled: manifest.yaml's bases: packages without compiled files run with any Python here.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedPython } from '../model/prepared.ts';
import { makeWhole } from './atomic-write.ts';
import { digestOfEntries, writeEntries, type CharmEntry } from './charm-entry.ts';
import { makeEnvironment, pythonWith } from './environment.ts';
import { compilePackages } from './install-packages.ts';
import { cleanInstalled, readMetadata } from './installed-packages.ts';
import { findInterpreter, interpreterOf, type Interpreter } from './interpreter.ts';
import type { Requirements } from './requirements.ts';

export type PackedWanted = {
  readonly entries: readonly CharmEntry[];
  readonly main: string | null;
  readonly workFolder: string;
  readonly asked: string | undefined;
  readonly progress: (line: string) => void;
};
/** What the packages in the charm were built for; null where nothing in them says. */
type BuiltFor = { readonly minor: string | null; readonly machine: string | null };

const SITE = /^venv\/lib\/python3\.\d+\/site-packages\//;
const COMPILED = /\.cpython-3(\d+)-(\w+?)-linux-\w+\.so$/;

/**
 * The packages, by their paths in a flat folder; without scripts and what a virtual environment has
 * of its own.
 */
function ownPackages(entries: readonly CharmEntry[]): readonly CharmEntry[] {
  const newer = entries.some(({ path }) => SITE.test(path));
  const prefix = newer ? SITE : /^venv\//;
  return entries
    .filter(({ path }) => prefix.test(path))
    .map((entry) => ({ ...entry, path: entry.path.replace(prefix, '') }))
    .filter(({ path }) => !/^(bin\/|pyvenv\.cfg$)|(^|\/)__pycache__\//.test(path));
}

function builtFor(entries: readonly CharmEntry[]): BuiltFor {
  for (const { path } of entries) {
    const [, minor, machine] = COMPILED.exec(path) ?? [];
    if (path.startsWith('venv/') && minor !== undefined && machine !== undefined) {
      return { minor: `3.${minor}`, machine };
    }
  }
  return { minor: null, machine: null };
}

function runs({ minor, machine }: BuiltFor, interpreter: Interpreter): boolean {
  const version = minor === null || minor === interpreter.minor;
  return version && (machine === null || machine === interpreter.machine);
}

/** The one asked for, else one the packages were built for, else any. */
async function interpreterFor(built: BuiltFor, asked: string | undefined): Promise<Interpreter> {
  if (asked !== undefined || built.minor === null) return findInterpreter({ asked });
  const fitting = await interpreterOf(built.minor);
  return fitting !== null && runs(built, fitting) ? fitting : findInterpreter({});
}

async function withOwn(
  interpreter: Interpreter,
  own: readonly CharmEntry[],
  { workFolder }: PackedWanted,
): Promise<PreparedPython> {
  const digest = digestOfEntries(own).replace('sha256:', '');
  const folder = join(workFolder, 'environments', `${digest}-${interpreter.minor}`);
  await makeWhole(folder, async (part) => {
    const packages = join(part, 'packages');
    mkdirSync(packages);
    writeEntries(packages, own);
    cleanInstalled(packages);
    await compilePackages(interpreter, packages);
  });
  const prepared = pythonWith(
    interpreter,
    join(folder, 'packages'),
    "the packed charm's own packages",
  );
  return { ...prepared, lock: `${prepared.lock}+${digest}` };
}

/** The versions that the charm was packed with, or what its requirements.txt asks for. */
function packedRequirements(
  entries: readonly CharmEntry[],
  own: readonly CharmEntry[],
): Requirements {
  const pinned = own
    .filter(({ path }) => /^[^/]+\.dist-info\/METADATA$/.test(path))
    .map((entry) => readMetadata(Buffer.from(entry.bytes()).toString('utf8')))
    .filter((one) => one !== null && !['pip', 'wheel'].includes(one.name))
    .map((one) => `${one?.name}==${one?.version}`)
    .sort();
  const common = { files: [], constraints: [], lines: pinned, resolve: false };
  if (pinned.length > 0) return { ...common, from: "the packed charm's versions, installed anew" };
  const file = entries.find(({ path, kind }) => path === 'requirements.txt' && kind === 'file');
  const text = file ? Buffer.from(file.bytes()).toString('utf8') : '';
  const lines = text.split('\n').filter((line) => /^\s*[A-Za-z0-9]/.test(line));
  const from = lines.length > 0 ? "the packed charm's requirements.txt" : '';
  return { ...common, lines, resolve: true, from };
}

/** Null for a packed charm that is not in Python. */
export async function pythonOfPacked(wanted: PackedWanted): Promise<PreparedPython | null> {
  const { entries, main, asked, workFolder, progress } = wanted;
  const own = ownPackages(entries);
  if (main === null && own.length === 0 && !entries.some(({ path }) => path.endsWith('.py')))
    return null;
  const built = builtFor(entries);
  const interpreter = await interpreterFor(built, asked);
  if (interpreter.venvPackages !== null) {
    return pythonWith(interpreter, interpreter.venvPackages, 'from the virtual environment given');
  }
  if (own.length > 0 && runs(built, interpreter)) return withOwn(interpreter, own, wanted);
  const requirements = packedRequirements(entries, own);
  return makeEnvironment({ interpreter, requirements, workFolder, progress });
}

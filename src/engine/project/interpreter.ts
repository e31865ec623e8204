/**
 * The Python that a charm is played with: the one asked for, else `python3`, else the newest
 * `python3.N` on PATH. What is on PATH may be a shim (pyenv, asdf): the interpreter itself is asked
 * where it really is.
 * Not modelled: Python below 3.10, implementations other than CPython.
 */
import { realpathSync } from 'node:fs';
import { Mistake } from '../model/mistake.ts';
import type { Markers } from './marker.ts';
import { runProgram } from './run-program.ts';
import { compareVersions, satisfies } from './version-order.ts';

export type Interpreter = {
  /** The real program, no link, below `basePrefix`. */
  readonly executable: string;
  readonly basePrefix: string;
  /** `3.11.7` and `3.11`. */
  readonly version: string;
  readonly minor: string;
  readonly machine: string;
  readonly markers: Markers;
  /** Where the packages are when it was the interpreter of a virtual environment, else null. */
  readonly venvPackages: string | null;
};
export type InterpreterWanted = {
  /** The path or name asked for with --python. */
  readonly asked?: string | undefined;
  /** `>=3.10,<4`, as the project requires it. */
  readonly requires?: string | null;
};

const OLDEST = '3.10';
const NEWEST_TRIED = 20;
const ASK = [
  'import sys, os, json, platform, sysconfig',
  "v = '.'.join(map(str, sys.version_info[:3]))",
  "m = '.'.join(map(str, sys.version_info[:2]))",
  'b = os.path.realpath(sys.base_prefix)',
  "e = os.path.realpath(getattr(sys, '_base_executable', sys.executable))",
  "venv = sysconfig.get_path('purelib') if sys.prefix != sys.base_prefix else None",
  'markers = dict(os_name=os.name, sys_platform=sys.platform, platform_machine=platform.machine(),',
  ' platform_python_implementation=platform.python_implementation(),',
  ' platform_release=platform.release(),',
  ' platform_system=platform.system(), platform_version=platform.version(), python_version=m,',
  ' python_full_version=platform.python_version(), implementation_name=sys.implementation.name,',
  ' implementation_version=v)',
  'print(json.dumps(dict(executable=e, basePrefix=b, version=v, minor=m,',
  ' machine=platform.machine(),',
  ' markers=markers, venvPackages=venv)))',
].join('\n');

/** What the program says of itself, or null when it is no Python. */
async function describe(program: string): Promise<Interpreter | null> {
  const { code, lines } = await runProgram(program, ['-I', '-c', ASK]);
  if (code !== 0) return null;
  try {
    const found = JSON.parse(lines.at(-1) ?? '') as Interpreter;
    return { ...found, executable: realpathSync(found.executable) };
  } catch {
    return null;
  }
}

function fits(found: Interpreter, requires: string | null | undefined): boolean {
  return compareVersions(found.version, OLDEST) >= 0 && satisfies(found.version, requires ?? '');
}

async function askedFor(asked: string): Promise<Interpreter> {
  const found = await describe(asked);
  if (found === null) {
    throw new Mistake(`--python ${asked}: does not run as Python`, {
      hint: 'Name an interpreter, as in --python python3.12 or --python .venv/bin/python.',
    });
  }
  if (compareVersions(found.version, OLDEST) >= 0) return found;
  throw new Mistake(`--python ${asked}: is Python ${found.version}, and ${OLDEST} is the oldest`);
}

/** The newest that fits of `python3.20` down to `python3.10`, on PATH. */
async function newestOf(requires: string | null | undefined): Promise<Interpreter | undefined> {
  for (let minor = NEWEST_TRIED; minor >= 10; minor -= 1) {
    const found = await describe(`python3.${minor}`);
    if (found !== null && fits(found, requires)) return found;
  }
  return undefined;
}

/** Throws a Mistake when there is none that the project can do with. */
export async function findInterpreter(wanted: InterpreterWanted): Promise<Interpreter> {
  const { asked, requires } = wanted;
  if (asked !== undefined) return askedFor(asked);
  const usual = await describe('python3');
  if (usual !== null && fits(usual, requires)) return usual;
  const newest = await newestOf(requires);
  if (newest) return newest;
  const what = requires
    ? `Python ${requires}, which the charm requires`
    : `Python ${OLDEST} or newer`;
  const found = usual === null ? 'none was found' : `python3 here is ${usual.version}`;
  throw new Mistake(`${what}: ${found}`, { hint: 'Install one, or name it: --python PATH.' });
}

/** The interpreter of that very minor version (`3.12`) on PATH, or null. */
export async function interpreterOf(minor: string): Promise<Interpreter | null> {
  const found = await describe(`python${minor}`);
  return found?.minor === minor ? found : null;
}

/**
 * Installs requirements into a flat folder, with uv when it is on PATH and pip when not, and
 * compiles them there, so that importing them writes nothing. What has to be built is built as pip
 * does it, by the packages' own scripts.
 * Source: pip install and uv pip install (--target); compileall.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mistake } from '../model/mistake.ts';
import { installFailure } from './install-failure.ts';
import { cleanInstalled } from './installed-packages.ts';
import type { Interpreter } from './interpreter.ts';
import type { Requirements } from './requirements.ts';
import { hostEnvironment, runProgram } from './run-program.ts';

export type Installing = {
  readonly interpreter: Interpreter;
  readonly requirements: Requirements;
  /** Made here: what Python is to find. */
  readonly packages: string;
  /** A folder to work in, thrown away afterwards. */
  readonly scratch: string;
  readonly progress: (line: string) => void;
};

/** 2000-01-01: what is built must not tell when. */
const BUILT_AT = '946684800';
const TELLING =
  /^(Collecting|Building|Installing collected|Successfully|Resolved|Prepared|Installed| \+ )/;
function environmentOf(): Record<string, string | undefined> {
  return {
    ...hostEnvironment(),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PYTHONHASHSEED: '0',
    SOURCE_DATE_EPOCH: BUILT_AT,
  };
}

async function hasUv(): Promise<boolean> {
  return (await runProgram('uv', ['--version'])).code === 0;
}

/**
 * The interpreter with pip: the charm's own, or that of a virtual environment made for the purpose.
 */
async function pipPython({ interpreter, scratch }: Installing): Promise<string> {
  const { executable } = interpreter;
  if ((await runProgram(executable, ['-I', '-m', 'pip', '--version'])).code === 0)
    return executable;
  const venv = join(scratch, 'pip');
  const made = await runProgram(executable, ['-I', '-m', 'venv', venv]);
  if (made.code === 0) return join(venv, 'bin/python');
  throw new Mistake(`Python ${interpreter.version} has neither pip nor venv, and there is no uv`, {
    hint: 'Install uv, or pip for this Python, or name another: --python PATH.',
  });
}

async function installer(installing: Installing): Promise<readonly string[]> {
  const { interpreter, packages } = installing;
  const target = ['--target', packages];
  if (await hasUv()) {
    const python = ['--python', interpreter.executable];
    return ['uv', 'pip', 'install', ...target, ...python, '--link-mode', 'copy', '--no-progress'];
  }
  const python = await pipPython(installing);
  const quiet = [
    '--no-input',
    '--no-compile',
    '--no-warn-script-location',
    '--progress-bar',
    'off',
  ];
  return [python, '-I', '-m', 'pip', 'install', ...target, ...quiet];
}

/**
 * Compiled files that are used whatever the time of their source is. A file that does not compile
 * is left as it is.
 */
export async function compilePackages(interpreter: Interpreter, packages: string): Promise<void> {
  const unchecked = ['--invalidation-mode', 'unchecked-hash', '-s', packages, '-p', '/venv'];
  const args = ['-s', '-S', '-m', 'compileall', '-q', ...unchecked, packages];
  await runProgram(interpreter.executable, args, { environment: environmentOf() });
}

/** Throws a Mistake that names the package which could not be installed, and why. */
export async function installPackages(installing: Installing): Promise<void> {
  const { requirements, packages, scratch, progress } = installing;
  const { lines, files, constraints, resolve } = requirements;
  mkdirSync(packages, { recursive: true });
  if (lines.length + files.length === 0) return;
  const listed = join(scratch, 'requirements.txt');
  writeFileSync(listed, `${lines.join('\n')}\n`);
  const [program = '', ...args] = await installer(installing);
  const all = [
    ...args,
    ...(resolve ? [] : ['--no-deps']),
    ...constraints.flatMap((file) => ['--constraint', file]),
    ...[...files, ...(lines.length > 0 ? [listed] : [])].flatMap((file) => ['--requirement', file]),
  ];
  const ran = await runProgram(program, all, {
    environment: environmentOf(),
    line: (line) => TELLING.test(line) && progress(line.replace(/ \(from .*\)$/, '').trim()),
  });
  if (ran.code !== 0) throw installFailure(ran.lines, requirements.from);
  cleanInstalled(packages);
  await compilePackages(installing.interpreter, packages);
}

/**
 * Python environments, made by the real installer from wheels that the tests write: no registry is
 * asked.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installFailure } from '../../src/engine/project/install-failure.ts';
import { findInterpreter } from '../../src/engine/project/interpreter.ts';
import { runProgram } from '../../src/engine/project/run-program.ts';
import { charmcraft, METADATA, prepared } from './charm-files.ts';
import { temporary, write } from './temporary.ts';

const CHARM = { 'src/charm.py': '#!/usr/bin/env python3\nimport greeting\n' };

/** A wheel `name` with a module of that name and a script. */
function wheel(folder: string, name: string, version = '1.0'): string {
  const info = `${name}-${version}.dist-info`;
  const files: Record<string, string> = {
    [`${name}.py`]: `NAMES = {'a', 'b', 'c'}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/entry_points.txt`]: `[console_scripts]\n${name} = ${name}:NAMES\n`,
  };
  const record = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  const all: Zippable = Object.fromEntries(
    Object.entries({ ...files, [`${info}/RECORD`]: record }).map(([path, text]) => [
      path,
      strToU8(text),
    ]),
  );
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${version}-py3-none-any.whl`);
  writeFileSync(file, zipSync(all));
  return file;
}

/** Names and contents of all files below the folder. */
function contents(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file, 'latin1')]));
}

/** For one test, installers look for packages in the folder only. */
function offline(wheels: string): void {
  const before = { ...process.env };
  process.env['PIP_NO_INDEX'] = process.env['UV_NO_INDEX'] = '1';
  process.env['PIP_FIND_LINKS'] = process.env['UV_FIND_LINKS'] = wheels;
  onTestFinished(() => {
    for (const name of ['PIP_NO_INDEX', 'UV_NO_INDEX', 'PIP_FIND_LINKS', 'UV_FIND_LINKS']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}

describe('an environment', () => {
  it('is made from requirements.txt, flat, and is equal to the byte when it is made again', async () => {
    const root = temporary({ ...CHARM, 'metadata.yaml': METADATA });
    offline(join(root, 'wheels'));
    wheel(join(root, 'wheels'), 'greeting');
    write(root, 'requirements.txt', 'greeting\n');
    const { main, python } = await prepared(root);
    expect(main).toBe('src/charm.py');
    expect(python?.description).toMatch(/^Python 3\.\d+, from requirements\.txt$/);
    const packages = python?.packages ?? '';
    const first = contents(packages);
    expect([...first.keys()].filter((path) => !path.includes('__pycache__'))).toEqual([
      'greeting-1.0.dist-info/METADATA',
      'greeting-1.0.dist-info/WHEEL',
      'greeting-1.0.dist-info/entry_points.txt',
      'greeting.py',
    ]);
    expect([...first.keys()].some((path) => /__pycache__\/greeting.*\.pyc$/.test(path))).toBe(true);
    rmSync(join(root, '.playbill'), { recursive: true });
    const again = (await prepared(root)).python;
    expect(contents(again?.packages ?? '')).toEqual(first);
    expect(again?.lock).toBe(python?.lock);
  });

  it('is found again as long as the requirements say the same', async () => {
    const root = temporary({ ...CHARM, 'metadata.yaml': METADATA });
    offline(join(root, 'wheels'));
    wheel(join(root, 'wheels'), 'greeting');
    write(root, 'requirements.txt', 'greeting\n');
    const first = (await prepared(root)).python;
    rmSync(join(root, 'wheels'), { recursive: true });
    expect((await prepared(root)).python).toEqual(first);
    write(root, 'requirements.txt', 'greeting>=1\n');
    await expect(prepared(root)).rejects.toThrow(/cannot install greeting>=1/);
    expect(readdirSync(join(root, '.playbill/environments'))).toHaveLength(1);
  });

  it('has what the charm libraries ask for, beside the requirements', async () => {
    const root = temporary({
      ...CHARM,
      'charmcraft.yaml': charmcraft('charm'),
      'lib/charms/web/v0/a.py': 'PYDEPS = [\n  # "commented",\n  "greeting>=1",\n  \'other\',\n]\n',
    });
    offline(join(root, 'wheels'));
    for (const name of ['greeting', 'other', 'more']) wheel(join(root, 'wheels'), name);
    write(root, 'requirements.txt', 'greeting==1.0\nmore\n');
    const packages = (await prepared(root)).python?.packages ?? '';
    const modules = readdirSync(packages).filter((name) => name.endsWith('.py'));
    expect(modules.sort()).toEqual(['greeting.py', 'more.py', 'other.py']);
  });

  it('of the python plugin has only what its settings name', async () => {
    const settings = '    python-requirements: [charm.txt]\n    python-packages: [more]\n';
    const root = temporary({ ...CHARM, 'charmcraft.yaml': charmcraft('python', settings) });
    offline(join(root, 'wheels'));
    for (const name of ['greeting', 'other', 'more']) wheel(join(root, 'wheels'), name);
    write(root, 'charm.txt', 'greeting\n');
    write(root, 'requirements.txt', 'other\n');
    const packages = (await prepared(root)).python?.packages ?? '';
    const modules = readdirSync(packages).filter((name) => name.endsWith('.py'));
    expect(modules.sort()).toEqual(['greeting.py', 'more.py']);
  });

  it('that cannot be made names the package, and leaves nothing behind', async () => {
    const root = temporary({ ...CHARM, 'metadata.yaml': METADATA });
    offline(join(root, 'wheels'));
    wheel(join(root, 'wheels'), 'greeting');
    write(root, 'requirements.txt', 'greeting==2.0\n');
    await expect(prepared(root)).rejects.toMatchObject({
      name: 'Mistake',
      message: expect.stringMatching(/^cannot install greeting==2\.0 \(requirements\.txt\): /),
    });
    expect(readdirSync(join(root, '.playbill/environments'))).toEqual([]);
  });
});

describe('the Python of a packed charm', () => {
  const pack = (root: string, more: Readonly<Record<string, string>>): void => {
    const files = {
      'metadata.yaml': METADATA,
      dispatch: '#!/bin/sh\nPYTHONPATH=lib:venv ./src/charm.py\n',
      'src/charm.py': 'import greeting\n',
      'venv/greeting.py': 'HERE = 1\n',
      'venv/greeting-1.0.dist-info/METADATA': 'Name: greeting\nVersion: 1.0\n',
      ...more,
    };
    const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)]);
    writeFileSync(join(root, 'web.charm'), zipSync(Object.fromEntries(entries)));
  };

  it("is the charm's own where its packages run", async () => {
    const root = temporary();
    const { minor, machine } = await findInterpreter({});
    const tag = `cpython-${minor.replace('.', '')}-${machine}-linux-gnu`;
    pack(root, { [`venv/_fast.${tag}.so`]: 'compiled' });
    const { folder, python } = await prepared(root, 'web.charm');
    expect(python?.description).toContain("the packed charm's own packages");
    expect(readFileSync(join(python?.packages ?? '', 'greeting.py'), 'utf8')).toBe('HERE = 1\n');
    expect(existsSync(join(folder, 'venv'))).toBe(false);
  });

  it('is the same in the layout of the newer plugins', async () => {
    const [one, two] = [temporary(), temporary()];
    pack(one, {});
    const newer = 'venv/lib/python3.11/site-packages';
    writeFileSync(
      join(two, 'web.charm'),
      zipSync({
        'metadata.yaml': strToU8(METADATA),
        dispatch: strToU8('#!/bin/sh\nPYTHONPATH=lib:venv ./src/charm.py\n'),
        'src/charm.py': strToU8('import greeting\n'),
        [`${newer}/greeting.py`]: strToU8('HERE = 1\n'),
        [`${newer}/greeting-1.0.dist-info/METADATA`]: strToU8('Name: greeting\nVersion: 1.0\n'),
        'venv/pyvenv.cfg': strToU8('home = /usr/bin\n'),
      }),
    );
    const [flat, deep] = [await prepared(one, 'web.charm'), await prepared(two, 'web.charm')];
    expect(deep.python?.lock).toBe(flat.python?.lock);
    expect(deep.digest).toBe(flat.digest);
  });

  it('has the same versions installed anew where its packages do not run', async () => {
    const root = temporary();
    offline(join(root, 'wheels'));
    wheel(join(root, 'wheels'), 'greeting', '1.0');
    wheel(join(root, 'wheels'), 'greeting', '2.0');
    pack(root, { 'venv/_fast.cpython-399-x86_64-linux-gnu.so': 'compiled' });
    const { python } = await prepared(root, 'web.charm');
    expect(python?.description).toContain("the packed charm's versions, installed anew");
    expect(readdirSync(python?.packages ?? '')).toContain('greeting-1.0.dist-info');
    expect(readdirSync(python?.packages ?? '')).not.toContain(
      '_fast.cpython-399-x86_64-linux-gnu.so',
    );
  });
});

describe('the interpreter', () => {
  it('is a real program below its own prefix', async () => {
    const { executable, basePrefix, version, minor } = await findInterpreter({});
    expect(executable.startsWith(`${basePrefix}/`)).toBe(true);
    expect(version.startsWith(`${minor}.`)).toBe(true);
    const { lines } = await runProgram(executable, ['-c', 'import sys; print(sys.version)']);
    expect(lines[0]?.startsWith(version)).toBe(true);
  });

  it('that was asked for has to be one', async () => {
    await expect(findInterpreter({ asked: '/bin/false' })).rejects.toThrow(
      /does not run as Python/,
    );
  });

  it('has to be one that the charm works with', async () => {
    await expect(findInterpreter({ requires: '>=3.99' })).rejects.toThrow(/Python >=3\.99/);
  });

  it('of a virtual environment brings the packages of that environment', async () => {
    const root = temporary({ ...CHARM, 'metadata.yaml': METADATA });
    const { executable } = await findInterpreter({});
    const venv = join(root, 'mine');
    await runProgram(executable, ['-m', 'venv', '--without-pip', venv]);
    const found = await findInterpreter({ asked: join(venv, 'bin/python') });
    expect(found.executable).toBe(executable);
    expect(found.venvPackages?.startsWith(venv)).toBe(true);
  });
});

describe('a failed installation', () => {
  it.each([
    [
      [
        'ERROR: Could not find a version that satisfies the requirement ops==99 (from versions: 1)',
        'ERROR: No matching distribution found for ops==99',
      ],
      'cannot install ops==99 (requirements.txt): No matching distribution found for ops==99',
    ],
    [
      [
        'error: No solution found when resolving dependencies',
        '  cause: Because there is no version of ops==99 and you require ops==99, no.',
      ],
      'cannot install ops==99 (requirements.txt): Because there is no version of ops==99 and you require ops==99, no.',
    ],
    [
      [
        'Collecting fast',
        '  × Getting requirements to build wheel did not run successfully.',
        '  RuntimeError: no compiler',
        '  [end of output]',
        'note: This error originates from a subprocess',
      ],
      'cannot install fast (requirements.txt): building it failed: RuntimeError: no compiler',
    ],
    [
      [
        "WARNING: Retrying after connection broken by 'ProxyError'",
        'ERROR: No matching distribution found for ops',
      ],
      'cannot install ops (requirements.txt): the package registry cannot be reached',
    ],
  ])('says so in one sentence', (lines, message) => {
    expect(installFailure(lines, 'requirements.txt').message).toBe(message);
  });
});

import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLoader } from '../../src/engine/project/read-loader.ts';
import { temporary } from './temporary.ts';

/** A work folder with a loader and a command that has data beside it. */
function full(): string {
  const folder = temporary();
  mkdirSync(join(folder, 'commands/data'), { recursive: true });
  writeFileSync(join(folder, 'loader.py'), 'import lightkube\n');
  writeFileSync(join(folder, 'commands/helm'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'commands/data/charts'), 'one\n');
  return folder;
}

describe('what a project brings for its charms', () => {
  it('is nothing in most projects', () => {
    expect(readLoader(temporary())).toEqual({ places: {}, digest: '' });
    expect(readLoader(join(temporary(), '.playbill'))).toEqual({ places: {}, digest: '' });
  });

  it('is a loader, a folder of commands, or both', () => {
    const folder = full();
    const loader = join(folder, 'loader.py');
    const commands = join(folder, 'commands');
    expect(readLoader(folder).places).toEqual({ loader, commands });
    rmSync(commands, { recursive: true });
    expect(readLoader(folder).places).toEqual({ loader });
    rmSync(loader);
    mkdirSync(commands);
    expect(readLoader(folder)).toEqual({ places: { commands }, digest: '' });
  });

  it('has the same digest wherever it lies', () => {
    const { digest } = readLoader(full());
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(readLoader(full()).digest).toBe(digest);
  });

  it.each<[string, (folder: string) => void]>([
    ['a loader’s text', (folder) => writeFileSync(join(folder, 'loader.py'), 'import other\n')],
    ['no loader', (folder) => rmSync(join(folder, 'loader.py'))],
    [
      'a command’s name',
      (folder) => renameSync(join(folder, 'commands/helm'), join(folder, 'commands/h')),
    ],
    ['a command’s text', (folder) => writeFileSync(join(folder, 'commands/helm'), '#!/bin/bash\n')],
    ['an executable bit', (folder) => chmodSync(join(folder, 'commands/helm'), 0o644)],
    [
      'a file beside a command',
      (folder) => writeFileSync(join(folder, 'commands/data/charts'), ''),
    ],
    ['a file that is new', (folder) => writeFileSync(join(folder, 'commands/data/more'), '')],
  ])('has another digest with another: %s', (_, change) => {
    const folder = full();
    const before = readLoader(folder).digest;
    change(folder);
    expect(readLoader(folder).digest).not.toBe(before);
  });

  it('follows links, whose contents count', () => {
    const [folder, other] = [full(), temporary()];
    const before = readLoader(folder).digest;
    writeFileSync(join(other, 'helm'), '#!/bin/sh\n', { mode: 0o755 });
    rmSync(join(folder, 'commands/helm'));
    symlinkSync(join(other, 'helm'), join(folder, 'commands/helm'));
    expect(readLoader(folder).digest).toBe(before);
    writeFileSync(join(other, 'helm'), 'other');
    expect(readLoader(folder).digest).not.toBe(before);
  });

  it('is refused by name where it cannot be used', () => {
    const folder = full();
    symlinkSync('nowhere', join(folder, 'commands/kubectl'));
    expect(() => readLoader(folder)).toThrow(
      '.playbill/commands/kubectl links to what is not there',
    );
    rmSync(join(folder, 'commands'), { recursive: true });
    writeFileSync(join(folder, 'commands'), '');
    expect(() => readLoader(folder)).toThrow('.playbill/commands is no folder');
    rmSync(join(folder, 'loader.py'));
    mkdirSync(join(folder, 'loader.py'));
    expect(() => readLoader(folder)).toThrow('.playbill/loader.py is no file');
  });
});

/** The lock file: that it names no machine, and that `npm ci` takes it on every platform. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Locked = {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
const CHECKOUT = resolve(import.meta.dirname, '../..');
const TEXT = readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(TEXT) as { packages: Readonly<Record<string, Locked>> };

function folderAbove(place: string): string {
  return place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0));
}

/** What `name` resolves to for the package at `place`, as Node looks it up. */
function resolved(place: string, name: string): Locked | undefined {
  const below = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
  return packages[below] ?? (place === '' ? undefined : resolved(folderAbove(place), name));
}

describe('the lock file', () => {
  it('names no registry', () => {
    expect(Object.keys(packages).length).toBeGreaterThan(400);
    expect(TEXT).not.toMatch(/"resolved"|registry/);
  });

  it('holds the bindings of every platform, in the version that is asked for', () => {
    const asked = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies).map(([name, version]) => ({ place, name, version })),
    );
    const exact = asked.filter(({ version }) => /^\d+\.\d+\.\d+$/.test(version));
    expect(exact.length).toBeGreaterThan(50);
    const missing = exact.filter(
      ({ place, name, version }) => resolved(place, name)?.version !== version,
    );
    expect(missing).toEqual([]);
  });

  it('lets only packages that need it run scripts when they are installed', () => {
    const { allowScripts } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as {
      allowScripts: Readonly<Record<string, boolean>>;
    };
    const running = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(running)].sort());
  });
});

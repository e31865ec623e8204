/** The published package, installed away from this checkout, in the repository of a charm that never heard of it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type Repository, type Run } from '../command/repository.ts';
import { installPackage, plainEnvironment, type Installed } from './installed.ts';

const WRITTEN = ['.playbill', 'records', 'site'];
const LIFE = `title: A lantern is lit
root: leader
steps:
  - install: {expect: {status: maintenance}}
  - config-changed: {as: set-up}
  - start: {expect: {status: active}}
`;
const BUILDING = 120_000;

let installed: Installed;
let home: string;

beforeAll(async () => {
  installed = await installPackage();
  home = mkdtempSync(join(tmpdir(), 'playbill-home-'));
});
afterAll(() => {
  installed?.[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

function lantern(tree?: string): Repository {
  const repository = makeRepository();
  const hook = (name: string, line: string): void =>
    repository.write(`hooks/${name}`, `#!/bin/bash\n${line}\n`, 0o755);
  repository.write('metadata.yaml', 'name: lantern\nsummary: A lamp.\ndescription: A lamp.\n');
  hook('install', 'status-set maintenance "filling up"');
  hook('config-changed', 'juju-log "nothing is set"');
  hook('start', 'status-set active');
  if (tree !== undefined) repository.write('trees/life.yaml', tree);
  return repository;
}

function playbill(repository: Repository, ...argv: readonly string[]): Promise<Run> {
  const xdg = { XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: join(home, 'cache') };
  const env = { ...plainEnvironment(), HOME: home, ...xdg };
  const { promise, resolve } = Promise.withResolvers<Run>();
  execFile(
    process.execPath,
    [installed.program, ...argv],
    { cwd: repository.folder, env },
    (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
  );
  return promise;
}

type Line = { kind: string; name?: string; counts?: { dispatched: number; cached: number } };

function lines(run: Run): readonly Line[] {
  const all = run.out.split('\n').filter((line) => line !== '');
  return all.map((line) => JSON.parse(line) as Line);
}

function counts(run: Run): Line['counts'] {
  return lines(run).find(({ kind }) => kind === 'done')?.counts;
}

/** Files of the repository that no build may touch, with their contents. */
function own(repository: Repository): Readonly<Record<string, string>> {
  const all = Object.entries(repository.files('.'));
  return Object.fromEntries(all.filter(([path]) => !WRITTEN.includes(path.split('/')[0] ?? '')));
}

function linksOf(html: string): readonly string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link);
}

describe('the installed package', () => {
  it(
    'builds the site of a charm, and writes nowhere but in .playbill, records and site',
    async () => {
      using repository = lantern(LIFE);
      const before = { own: own(repository), package: installed.files() };
      const run = await playbill(repository, 'build');
      expect([run.code, run.err]).toEqual([0, '']);
      expect(own(repository)).toEqual(before.own);
      expect(installed.files()).toEqual(before.package);
      expect(readdirSync(repository.folder).filter((name) => WRITTEN.includes(name))).toEqual(
        WRITTEN,
      );
      expect(readdirSync(home)).toEqual([]);
      expect(repository.read('site/nodes/life/set-up/start.html')).toContain('A lantern is lit');
    },
    BUILDING,
  );

  it(
    'makes pages that link relatively, to files that are there',
    async () => {
      using repository = lantern(LIFE);
      await playbill(repository, 'build', '--base', '/pr-7/');
      const site = repository.files('site');
      const pages = Object.keys(site).filter((path) => path.endsWith('.html'));
      expect(pages).toEqual([
        'index.html',
        'nodes/life.html',
        'nodes/life/install.html',
        'nodes/life/set-up.html',
        'nodes/life/set-up/start.html',
        'traces/life/set-up/start.html',
        'trees/life.html',
      ]);
      const broken = pages.flatMap((page) =>
        linksOf(site[page] ?? '')
          .filter((link) => !/^(#|data:)/.test(link))
          .filter((link) => !(posix.join(posix.dirname(page), link.split('#')[0] ?? '') in site))
          .map((link) => `${page}: ${link}`),
      );
      expect(broken).toEqual([]);
      expect(linksOf(site['index.html'] ?? '')).toContain('trees/life.html');
    },
    BUILDING,
  );

  it(
    'dispatches nothing in a second build',
    async () => {
      using repository = lantern(LIFE);
      const [first, second] = [
        await playbill(repository, 'play', '--json'),
        await playbill(repository, 'build', '--json'),
      ];
      expect(counts(first)).toMatchObject({ dispatched: 3, cached: 0 });
      expect(counts(second)).toMatchObject({ dispatched: 0, cached: 3 });
    },
    BUILDING,
  );

  it(
    'plays a start-up tree where there are no trees',
    async () => {
      using repository = lantern();
      const run = await playbill(repository, 'build', '--json');
      expect(run.code).toBe(0);
      expect(lines(run).filter(({ kind }) => kind === 'tree')).toMatchObject([
        { name: 'start-up' },
      ]);
      expect(repository.read('site/trees/start-up.html')).toContain('lantern');
    },
    BUILDING,
  );

  it('imports no TypeScript, no file it does not have and no package it does not depend on', () => {
    const { dependencies } = JSON.parse(
      readFileSync(join(installed.package, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    const all = readdirSync(installed.package, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const code = all.filter((file) => /\.(js|astro)$/.test(file));
    expect(code.length).toBeGreaterThan(150);
    const wrong = code.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const read = file.endsWith('.astro') ? (text.split('---\n')[1] ?? '') : text;
      return ts
        .preProcessFile(read, true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => !name.startsWith('node:'))
        .filter((name) => {
          if (name.startsWith('.')) return !existsSync(join(dirname(file), name));
          const [scope = '', rest = ''] = name.split('/');
          return !((scope.startsWith('@') ? `${scope}/${rest}` : scope) in dependencies);
        })
        .map((name) => `${file.slice(installed.package.length + 1)} imports ${name}`);
    });
    expect(wrong).toEqual([]);
    expect(all.filter((file) => file.endsWith('.ts'))).toEqual([]);
  });

  it('holds neither the demo nor tests nor what only this repository runs', () => {
    const held = readdirSync(installed.package, { recursive: true }).map(String);
    expect(
      held.filter((path) => /(^|\/)(content|tests|bench|compile\.js)(\/|$)/.test(path)),
    ).toEqual([]);
    expect(held).toContain('dist/src/charmside/python/launch.py');
    expect(held).toContain('dist/src/styles/site.css');
  });
});

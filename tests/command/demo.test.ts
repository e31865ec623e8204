/** The demo, played whole: the committed records are what it gives, by the fork server and without it. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Index, NodeRecord } from '../../src/engine/record/format.ts';
import { makeRepository, type Repository, type Run } from './repository.ts';

const ROOT = resolve(import.meta.dirname, '../..');

function committed(): Readonly<Record<string, string>> {
  const folder = join(ROOT, 'records');
  const found = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    found.map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

let repository: Repository;
let played: Run;
let records: Readonly<Record<string, string>>;

beforeAll(async () => {
  repository = makeRepository();
  repository.write('package.json', '{"name": "playbill"}');
  for (const part of ['src/content', '.playbill/loader.py', '.playbill/commands']) {
    cpSync(join(ROOT, part), join(repository.folder, part), { recursive: true });
  }
  played = await repository.run('play');
  records = repository.files('records');
});
afterAll(() => repository[Symbol.dispose]());

function environment(of: Readonly<Record<string, string>>): readonly string[] {
  return (JSON.parse(of['index.json'] ?? '{}') as Index).charms.map((charm) => charm.environment);
}

/** What does not depend on the version of Python: how each node ended and what changed. */
function behaviour(of: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.keys(of)
    .filter((file) => file.endsWith('.json') && file !== 'index.json')
    .sort()
    .map((file) => JSON.parse(of[file] ?? '') as NodeRecord)
    .map(({ id, outcome, changed, unmet }) => [
      id,
      outcome.kind,
      changed.juju,
      changed.pebble,
      unmet,
    ]);
}

describe('the demo', () => {
  it('plays as its trees expect', () => {
    expect([played.code, played.err]).toEqual([0, '']);
    expect(played.out).toContain('all as expected');
    expect(played.out).not.toContain('imports in each event');
  });

  it('shows every outcome there is', () => {
    const index = JSON.parse(records['index.json'] ?? '') as Index;
    const outcomes = new Set(
      index.trees.flatMap(({ nodes }) => nodes.map(({ outcome }) => outcome)),
    );
    expect([...outcomes].sort()).toEqual(
      [
        'commit-failed',
        'failed',
        'inconsistent',
        'parent-failed',
        'played',
        'root',
        'timed-out',
      ].sort(),
    );
    expect(index.trees.some(({ nodes }) => nodes.some(({ unmet }) => unmet > 0))).toBe(true);
  });

  it('finds what its project brings: a name service in Python, an instrument on PATH', () => {
    expect(records['lifecycle/ready/golden/db-relation-created.json']).toContain(
      'notice-board-0.notice-board-endpoints.playbill.svc.cluster.local',
    );
    expect(records['pennant/flying/golden/update-status.json']).toContain('4 knots, south-west');
  });

  it('gives the committed records', () => {
    const golden = committed();
    expect(Object.keys(golden).length).toBeGreaterThan(50);
    expect(behaviour(records)).toEqual(behaviour(golden));
    if (environment(golden).join() === environment(records).join()) expect(records).toEqual(golden);
  });

  it('gives the same records with an interpreter of its own for every event', async () => {
    const fresh = await repository.run('play', '--force', '--fresh-interpreter');
    expect(fresh.code).toBe(0);
    expect(fresh.out).toContain(' 0 from the cache');
    expect(repository.files('records')).toEqual(records);
  });

  it('dispatches nothing the second time', async () => {
    expect((await repository.run('play')).out).toMatch(/\b0 dispatched/);
  });

  it('leaves its charms as they were', () => {
    expect(
      existsSync(join(repository.folder, 'src/content/charms/notice-board/.unit-state.db')),
    ).toBe(false);
    expect(
      existsSync(join(repository.folder, 'src/content/charms/notice-board/metadata.yaml')),
    ).toBe(false);
  });
});

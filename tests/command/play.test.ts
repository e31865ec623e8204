/** What `playbill play` promises in a charm's repository, with the demo's bash charm, really played. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository, type Run } from './repository.ts';

const PENNANT = { charm: 'pennant', trees: ['pennant.yaml'] };

type Done = {
  counts: { dispatched: number; cached: number; outcomes: Record<string, number> };
  exitCode: number;
};

function done(run: Run): Done {
  const lines = run.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Done & { kind: string });
  const last = lines.at(-1);
  if (last?.kind !== 'done') throw new Error(`no end in ${run.out}${run.err}`);
  return last;
}

function tiny(
  repository: Repository,
  hooks: Readonly<Record<string, string>>,
  steps: string,
): void {
  repository.write('metadata.yaml', 'name: tiny\nsummary: s\ndescription: d\n');
  for (const [name, body] of Object.entries(hooks))
    repository.write(`hooks/${name}`, `#!/bin/bash\n${body}\n`, 0o755);
  repository.write('trees/life.yaml', `title: Life\nroot: leader\nsteps:\n${steps}`);
}

describe('playing', () => {
  it('gives the same bytes in two repositories', async () => {
    using first = makeRepository(PENNANT);
    using second = makeRepository(PENNANT);
    const runs = [await first.run('play'), await second.run('play')];
    expect(runs.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const records = first.files('records');
    expect(Object.keys(records).length).toBeGreaterThan(20);
    expect(second.files('records')).toEqual(records);
  });

  it('writes nothing but .playbill and records', async () => {
    using repository = makeRepository(PENNANT);
    const before = readdirSync(repository.folder);
    await repository.run('play');
    expect(readdirSync(repository.folder).sort()).toEqual(
      [...before, '.playbill', 'records'].sort(),
    );
  });

  it('says of an event that cannot be what would make it right', async () => {
    using repository = makeRepository();
    repository.write(
      'metadata.yaml',
      'name: t\nsummary: s\ndescription: d\nrequires: {db: {interface: i}}\n',
    );
    repository.write('trees/life.yaml', 'root: leader\nsteps: [db-relation-joined]\n');
    const { code, out } = await repository.run('play');
    expect([code, out]).toEqual([
      3,
      expect.stringContaining('there is no relation on endpoint db (add relations: {db: {units'),
    ]);
  });

  it('plays with the project’s own commands, and again when one changes', async () => {
    using repository = makeRepository();
    tiny(repository, { install: 'status-set active "$(helm version)"' }, '  - install\n');
    repository.write('.playbill/commands/helm', '#!/bin/sh\necho v1\n', 0o755);
    expect(done(await repository.run('play', '--json')).counts.dispatched).toBe(1);
    expect(Object.values(repository.files('records')).join('\n')).toContain('"v1"');
    expect(done(await repository.run('play', '--json')).counts.dispatched).toBe(0);
    repository.write('.playbill/commands/helm', '#!/bin/sh\necho v2\n', 0o755);
    expect(done(await repository.run('play', '--json')).counts.dispatched).toBe(1);
    expect(Object.values(repository.files('records')).join('\n')).toContain('"v2"');
  });

  it('dispatches nothing the second time, nor when the charm’s tests change, and all when a hook does', async () => {
    using repository = makeRepository(PENNANT);
    const first = done(await repository.run('play', '--json'));
    const records = repository.files('records');
    expect(done(await repository.run('play', '--json')).counts).toMatchObject({
      dispatched: 0,
      cached: first.counts.dispatched,
    });
    repository.write('tests/unit/test_charm.py', 'assert True\n');
    expect(done(await repository.run('play', '--json')).counts.dispatched).toBe(0);
    expect(repository.files('records')).toEqual(records);
    repository.write('hooks/start', `${repository.read('hooks/start')}\n# one more line\n`, 0o755);
    expect(done(await repository.run('play', '--json')).counts.dispatched).toBe(
      first.counts.dispatched,
    );
  });

  it('plays a start-up tree where there is none', async () => {
    using bare = makeRepository();
    bare.write('metadata.yaml', 'name: tiny\nsummary: s\ndescription: d\n');
    bare.write('hooks/install', '#!/bin/bash\nstatus-set active up\n', 0o755);
    const run = await bare.run('play', '--json');
    expect(done(run).counts.outcomes).toEqual({ root: 1, played: 4 });
  });

  it('ends with 3 when a node is not as expected, and goes on to the others', async () => {
    using repository = makeRepository();
    tiny(
      repository,
      { install: 'exit 7', start: 'true' },
      '  - install\n  - branch:\n      other:\n        - start\n',
    );
    const run = await repository.run('play');
    expect(run.code).toBe(3);
    expect(run.out).toContain('! failed  life/install  exit status 7');
  });

  it('marks by name what a charm needs and nobody simulates', async () => {
    using repository = makeRepository();
    tiny(
      repository,
      { install: 'echo a: [ > f; secret-add --file f || true; modprobe x || true' },
      '  - install\n',
    );
    const run = await repository.run('play');
    expect(run.code).toBe(3);
    expect(run.out).toContain(
      'unmet: modprobe; unmet: secret-add --file with YAML that is read otherwise',
    );
  });

  it('says nothing that moves the cursor', async () => {
    using repository = makeRepository();
    tiny(
      repository,
      { install: 'printf "\\033[2J\\033[1;1Hgone\\n" >&2; exit 1' },
      '  - install\n',
    );
    const { out } = await repository.run('play');
    expect(out).toContain('\\x1b[2J');
    expect(out).not.toContain('\u001b');
    const shown = await repository.run('show', 'life/install');
    expect(shown.out).toContain('gone');
    expect(shown.out).not.toContain('\u001b');
  });
});

describe('mistakes', () => {
  it('in a tree are all told at once, with place and nearest word, and lose nothing', async () => {
    using repository = makeRepository();
    tiny(repository, { install: 'true' }, '  - install\n');
    await repository.run('play');
    const records = repository.files('records');
    repository.write(
      'trees/life.yaml',
      'title: Life\nroot: leader\nsteps:\n  - instal\n  - strat\n',
    );
    const run = await repository.run('play');
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/trees\/life\.yaml:4:5: .*"instal"[\s\S]*install/);
    expect(run.err).toMatch(/trees\/life\.yaml:5:5: .*"strat"[\s\S]*start/);
    expect(run.err).not.toMatch(/\bat .*\.ts:/);
    expect(repository.files('records')).toEqual(records);
  });

  it('about where the user is say what to do', async () => {
    using empty = makeRepository();
    const run = await empty.run('play');
    expect([run.code, run.err]).toEqual([1, expect.stringContaining('charmcraft.yaml')]);
    using repository = makeRepository();
    tiny(repository, { install: 'true' }, '  - install\n');
    expect((await repository.run('show', 'life/instal')).err).toContain('playbill play');
    await repository.run('play');
    const shown = await repository.run('show', 'life/instal');
    expect([shown.code, shown.err]).toEqual([1, expect.stringContaining('life/install')]);
  });

  it('on the command line are told with the way to help', async () => {
    using repository = makeRepository();
    const run = await repository.run('paly');
    expect([run.code, run.err]).toEqual([1, expect.stringContaining('play')]);
  });
});

describe('schema', () => {
  it('is printed as JSON', async () => {
    using repository = makeRepository();
    const { out } = await repository.run('schema');
    expect(JSON.parse(out)).toHaveProperty('properties.steps');
  });
});

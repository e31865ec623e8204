/** The library from the command line: listed, shown, and played in a charm's repository, its own entries as well. */
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.ts';

const METADATA = `name: tiny
summary: s
description: d
requires: {db: {interface: postgresql_client}, clock: {interface: clock_face}}
`;
const HOOK = `#!/bin/bash
case $JUJU_HOOK_NAME in
  db-relation-joined) relation-set --app database=tiny ;;
  db-relation-changed) status-set active "at $(relation-get --app endpoints)" ;;
  clock-relation-changed) status-set active "it is $(relation-get --app time)" ;;
esac
`;
const LIBRARY = `
entries:
  told-the-time:
    about: A clock is related, and the time is told.
    parameters: {zone: {about: Where it is., default: Europe}}
    steps:
      - relate: {endpoint: clock, app: "{{zone}}-clock"}
responders:
  clock_face:
    about: The time.
    provides: {app: big-ben, about: A clock tells the time., answers: [{data: {time: noon}}]}
`;
const TREE = `root: {use: leader, stage: started}
steps:
  - branch:
      with a database: [{relate: {endpoint: db, expect: {message: "at postgresql-primary.example:5432"}}}]
      with a clock: [{use: told-the-time, zone: asia, as: told, expect: {message: it is noon}}]
  - fan-out: {only: [update-status, config-changed]}
`;

function repository(tree = TREE): Repository {
  const made = makeRepository();
  made.write('metadata.yaml', METADATA);
  for (const event of ['db-relation-joined', 'db-relation-changed', 'clock-relation-changed']) {
    made.write(`hooks/${event}`, HOOK, 0o755);
  }
  made.write('trees/life.yaml', tree);
  made.write('library/clock.yaml', LIBRARY);
  return made;
}

describe('the library', () => {
  it('is played: others answer, and a fan-out’s nodes have records of their own', async () => {
    using made = repository();
    const { code, out, err } = await made.run('play');
    expect([code, err], out).toEqual([0, '']);
    const told = JSON.parse(made.read('records/life/told.json')) as { deltas: unknown };
    expect(told.deltas).toMatchObject([{ spec: { respond: { clock: { app: 'asia-clock' } } } }]);
    const index = JSON.parse(made.read('records/index.json')) as {
      trees: { nodes: { id: string; sameAs?: string }[] }[];
    };
    const fanned = index.trees[0]?.nodes.filter(({ id }) => id.includes('fan-out'));
    expect(fanned?.map(({ id }) => id)).toEqual([
      'life/fan-out/config-changed',
      'life/fan-out/update-status',
    ]);
    const again = await made.run('play');
    expect(again.out).toContain('0 dispatched');
    expect(fanned?.[1]?.sameAs).toBe('life');
    const shown = await made.run('show', 'life/fan-out/update-status');
    expect(shown.out).toContain('It leaves the unit as life does');
    const files = await made.run('files', 'life/fan-out/update-status');
    expect([files.code, files.err]).toEqual([0, '']);
    const none = await made.run('files', 'life/fan-out/start/stop');
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('there is no node life/fan-out/start/stop');
  });

  it('is listed, the project’s own among it', async () => {
    using made = repository();
    const { code, out } = await made.run('library');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ {2}told-the-time +A clock is related, and the time is told\. \(this project's\)$/m,
    );
    expect(out).toMatch(/^ {2}clock_face +The time\. \(this project's\)$/m);
    expect(out).toMatch(/^ {2}relation-life +A relation from its first event to its last\.$/m);
    expect(out).toMatch(/^ {2}fan-out +Every event/m);
  });

  it('shows what an entry stands for on the charm that is here', async () => {
    using made = repository();
    const { out } = await made.run('library', 'relate');
    expect(out).toContain(`stands for

- delta: {relations: {clock: {app: big-ben, units: {'0': {}}}}}
- clock-relation-created: {app: big-ben}
- clock-relation-joined: {app: big-ben}
- delta: {respond: {clock: {app: big-ben}}, about: big-ben answers.}
- clock-relation-changed: {app: big-ben}
`);
    const json = JSON.parse((await made.run('library', 'told-the-time', '--json')).out) as object;
    expect(json).toMatchObject({ name: 'told-the-time', own: true });
    expect((await made.run('library', 'clock_face')).out).toContain('As provider: A clock tells');
  });

  it('names the nearest entry, with its place in a tree and without a stack', async () => {
    using made = repository('root: leader\nsteps: [{use: told-the-tiem}]\n');
    const played = await made.run('play');
    expect(played).toMatchObject({ code: 1 });
    expect(played.err).toBe(
      'trees/life.yaml:2:15: the library has no entry "told-the-tiem"\n  Did you mean "told-the-time"?\n',
    );
    expect((await made.run('library', 'relat')).err).toContain('Did you mean "relate"?');
  });

  it('tells mistakes of its files', async () => {
    using made = repository();
    made.write('library/clock.yaml', 'entries: {a: {step: []}}\n');
    expect((await made.run('play')).err).toContain(
      'library/clock.yaml:1:15: entry a: unknown key "step"',
    );
  });
});

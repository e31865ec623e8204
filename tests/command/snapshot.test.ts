/** A tree that starts from the snapshot of a live unit, played with the command in a charm's repository. */
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.ts';

const METADATA = `name: tiny
summary: s
description: d
requires: {db: {interface: postgresql_client}}
`;
/** What `jhack scenario snapshot tiny/0 --format json` prints, in the parts that a small unit has. */
const SNAPSHOT = {
  leader: true,
  config: {},
  relations: [
    {
      endpoint: 'db',
      interface: 'postgresql_client',
      id: 7,
      local_app_data: {},
      local_unit_data: {},
      remote_app_name: 'pg',
      limit: 1,
      remote_app_data: { user: 'ann' },
      remote_units_data: { '0': {} },
      relation_type: 'Relation',
    },
  ],
  networks: [],
  containers: [],
  storages: [],
  opened_ports: [],
  model: { name: 'live', uuid: '6f6d3a7e-0000-4000-8000-000000000001', type: 'lxd' },
  secrets: [],
  resources: [],
  planned_units: 1,
  deferred: [],
  stored_states: [],
  unit_status: { name: 'active', message: 'as it was' },
  app_status: { name: 'active', message: '' },
  workload_version: '1.2',
};

function repositoryWith(root: string, snapshot: string): Repository {
  const repository = makeRepository();
  repository.write('metadata.yaml', METADATA);
  const says = 'status-set active "$(relation-get -r db:7 --app user pg) in $JUJU_MODEL_NAME"';
  repository.write('hooks/update-status', `#!/bin/bash\n${says}\n`, 0o755);
  repository.write('trees/life.yaml', `root: ${root}\nsteps: [update-status]\n`);
  repository.write('trees/live.json', snapshot);
  return repository;
}

describe('a snapshot of a live unit', () => {
  it('is where the tree starts, with what its root says laid over', async () => {
    const root = '{snapshot: live.json, relations: {db: {app: pg, data: {user: bob}}}}';
    using repository = repositoryWith(root, JSON.stringify(SNAPSHOT));
    const { code, out, err } = await repository.run('play');
    expect([code, err], out).toEqual([0, '']);
    expect(repository.read('records/life/update-status.json')).toContain('bob in live');
    expect(JSON.parse(repository.read('records/life.json')).state.juju).toMatchObject({
      workloadVersion: '1.2',
      unitStatus: { message: 'as it was' },
    });
  });

  it.each([
    ['missing.json', '{}', 'snapshot: missing.json: no such file'],
    ['live.json', '{"leader": ', 'snapshot: live.json: '],
    ['live.json', '[]', 'snapshot: must be an object'],
    ['live.json', '{"relations": 3}', 'snapshot'],
  ])('%s with %s is a mistake, with its place', async (file, text, message) => {
    using repository = repositoryWith(`{snapshot: ${file}}`, text);
    const { code, err } = await repository.run('play');
    expect(code).toBe(1);
    expect(err).toMatch(/^trees\/life\.yaml:1:\d+: /);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

/** What the words of a root and of deltas make of a state. */
import { describe, expect, it } from 'vitest';
import { idOfName } from '../../src/engine/play/lay-secrets.ts';
import { BLOBS, laid, ON_MACHINE, rooted } from './laid.ts';

const text = (digest: string | undefined): string =>
  new TextDecoder().decode(BLOBS.get(digest ?? ''));

describe('a root', () => {
  it('does not know what happened before it, unless it declares a stage', () => {
    expect(rooted().juju.stage.history).toBe('unknown');
    const { stage } = rooted('{stage: new}').juju;
    expect(stage).toMatchObject({ history: 'known', installed: false, created: {}, joined: {} });
  });

  it('that has been installed has had install and nothing else', () => {
    const { stage, unitStatus } = rooted('{stage: installed}').juju;
    expect(stage).toMatchObject({ installed: true, configured: false, created: {} });
    expect(unitStatus).toMatchObject({
      status: 'maintenance',
      message: 'installing charm software',
    });
  });

  it('that has started has met its relations and all of their units', () => {
    const { juju } = rooted(
      '{stage: started, leader: true, relations: {db: {app: pg, units: {0: {host: h}}}}}',
    );
    expect(juju.stage).toMatchObject({
      started: true,
      stopped: false,
      elected: true,
      created: { 'replicas:0': true, 'db:1': true },
      joined: { 'replicas:0': {}, 'db:1': { 'pg/0': true } },
    });
    expect(juju.relations['db:1']?.known).toEqual({ 'pg/0': { host: 'h' } });
    expect(juju.relations['db:1']?.localUnit).toMatchObject({ 'private-address': '10.1.0.10' });
  });

  it('that has stopped says so', () => {
    expect(rooted('{stage: stopped}').juju.stage).toMatchObject({ started: true, stopped: true });
  });

  it('is of one model, application and unit through and through', () => {
    const { juju } = rooted('{app: other, unit: 3, model: {type: machine, name: dev}}');
    expect(juju).toMatchObject({ app: 'other', unit: 3, machine: '3' });
    expect(juju.network.address).toBe('192.0.2.10');
    expect(juju.relations['replicas:0']?.app).toBe('other');
  });

  it.each([
    ['{juju: "3.6"}', '3.6.14'],
    ['{juju: "4.0"}', '4.0.0'],
    ['{juju: "3.5"}', '3.5.0'],
    ['{juju: "3.6.1"}', '3.6.1'],
    ['{leader: true}', '3.6.14'],
  ])('%s lives under Juju %s', (words, version) => {
    expect(rooted(words).juju.version).toBe(version);
  });
});

describe('storage', () => {
  it('that the charm cannot do without is there, where Juju mounts it', () => {
    const { storages } = rooted('{stage: new}', ON_MACHINE).juju;
    expect(storages).toEqual({
      'data/0': { kind: 'filesystem', location: '/srv/data', attached: false },
      'disk/0': { kind: 'block', location: '/dev/disk/by-id/disk-0', attached: false },
      'many/0': { kind: 'filesystem', location: '/srv/many/many/0', attached: false },
      'many/1': { kind: 'filesystem', location: '/srv/many/many/1', attached: false },
    });
    const { storages: own } = rooted('{stage: new}').juju;
    expect(own['data/0']?.location).toBe('/var/lib/juju/storage/data/0');
  });

  it.each([
    ['new', false, false],
    ['installed', true, false],
    ['started', true, true],
    ['stopped', true, true],
  ])(
    'of a unit that is %s is attached on machines: %s, on Kubernetes: %s',
    (stage, machine, pod) => {
      const attached = (state: ReturnType<typeof rooted>) =>
        state.juju.storages['data/0']?.attached;
      expect(attached(rooted(`{stage: ${stage}}`, ON_MACHINE))).toBe(machine);
      expect(attached(rooted(`{stage: ${stage}}`))).toBe(pod);
    },
  );

  it('may be said to be attached or not, and comes and goes by deltas', () => {
    const state = rooted('{storage: {data/0: {attached: false}}}');
    expect(state.juju.storages['data/0']?.attached).toBe(false);
    const more = laid(state, ['{storage: {data/1: {}, data/0: }}']);
    expect(more.juju.storages).toEqual({
      'data/1': { kind: 'filesystem', location: '/var/lib/juju/storage/data/1', attached: false },
    });
  });

  it('has a file that is laid into a container which mounts it', () => {
    const state = laid(rooted(), ['{containers: {app: {files: {/data/a: hello}}}}']);
    const folder = state.machine.folders['/var/lib/juju/storage/data/0'];
    expect(Object.keys(folder ?? {})).toEqual(['a']);
  });
});

describe('relations', () => {
  const TWO = '{relations: {db: [{app: pg, data: {a: b}}, {app: mysql, units: {0: {}}}]}}';

  it('may be several on an endpoint, told apart by application', () => {
    const state = laid(rooted(TWO), ['{relations: {db: {app: mysql, units: {1: {c: d}}}}}']);
    const { 'db:1': pg, 'db:2': mysql } = state.juju.relations;
    expect([pg?.app, pg?.remoteApp, pg?.units]).toEqual(['pg', { a: 'b' }, {}]);
    expect([mysql?.app, mysql?.units]).toEqual(['mysql', { 'mysql/0': {}, 'mysql/1': { c: 'd' } }]);
  });

  it('go one by one, or all of an endpoint', () => {
    const one = laid(rooted(TWO), ['{relations: {db: {app: pg, remove: true}}}']);
    expect(Object.keys(one.juju.relations)).toEqual(['replicas:0', 'db:2']);
    const none = laid(rooted(TWO), ['{relations: {db: }}']);
    expect(Object.keys(none.juju.relations)).toEqual(['replicas:0']);
  });

  it('have databags of this side too, and may be with another model', () => {
    const words = '{relations: {db: {app: pg, local: {a: b}, local-unit: {c: d}, model: far}}}';
    const relation = rooted(words).juju.relations['db:1'];
    expect(relation).toMatchObject({ localApp: { a: 'b' }, localUnit: { c: 'd' } });
    expect(relation?.remoteModel).toMatch(/^[a-f0-9-]{36}$/);
  });

  it('with peers are there from the start and have its other units', () => {
    const { juju } = rooted('{relations: {replicas: {units: {1: {x: y}}}}}');
    expect(juju.relations['replicas:0']?.units).toEqual({ 'web/1': { x: 'y' } });
  });

  it('keep what the agent has fetched when the other side changes it', () => {
    const state = laid(
      rooted('{stage: started, relations: {db: {app: pg, units: {0: {a: old}}}}}'),
      ['{relations: {db: {units: {0: {a: new}}}}}'],
    );
    const { known, units } = state.juju.relations['db:1'] ?? {};
    expect([known, units]).toEqual([{ 'pg/0': { a: 'old' } }, { 'pg/0': { a: 'new' } }]);
  });
});

describe('secrets', () => {
  const id = idOfName('login');

  it('have an id of the name that the tree gives them, in Juju’s form', () => {
    expect(id).toMatch(/^[0-9a-v]{20}$/);
    expect(Object.keys(rooted('{secrets: {login: {content: {user: u123}}}}').juju.secrets)).toEqual(
      [id],
    );
  });

  it.each([
    ['application', { kind: 'application', name: 'web' }],
    ['unit', { kind: 'unit', name: 'web/0' }],
    ['pg', { kind: 'application', name: 'pg' }],
    ['pg/1', { kind: 'unit', name: 'pg/1' }],
  ])('are owned by %s', (owner, expected) => {
    const { secrets } = rooted(`{secrets: {login: {owner: ${owner}}}}`).juju;
    expect(secrets[id]?.owner).toEqual(expected);
  });

  it('get a new revision with other content, and none with the same', () => {
    const first = rooted('{secrets: {login: {content: {user: u123}}}}');
    const same = laid(first, ['{secrets: {login: {content: {user: u123}, description: d}}}']);
    const other = laid(same, ['{secrets: {login: {content: {user: u456}}}}']);
    const revisions = [first, same, other].map((state) => state.juju.secrets[id]?.revisions ?? {});
    expect(revisions.map((of) => Object.keys(of).length)).toEqual([1, 1, 2]);
    expect(revisions[2]?.[2]?.content).toEqual({ user: 'u456' });
    expect(other.juju.secrets[id]?.description).toBe('d');
  });

  it('have the label of who the unit is to them', () => {
    const words = (owner: string) => `{secrets: {login: {owner: ${owner}, label: l}}}`;
    expect(rooted(words('unit')).juju.secrets[id]).toMatchObject({ label: 'l', readerLabel: '' });
    expect(rooted(words('pg')).juju.secrets[id]).toMatchObject({ label: '', readerLabel: 'l' });
  });

  it('are granted over a relation, which takes the grant with it when it goes', () => {
    const words =
      '{relations: {db: {app: pg}}, secrets: {login: {grants: {pg: db}, content: {user: u123}}}}';
    const state = rooted(words);
    expect(state.juju.secrets[id]?.grants).toEqual({ pg: 'db:1' });
    const gone = laid(state, ['{relations: {db: }}']);
    expect(gone.juju.secrets[id]?.grants).toEqual({});
  });

  it('may be named in options and databags', () => {
    const { juju } = rooted(
      '{secrets: {login: {owner: pg}}, config: {token: "secret:login", slug: "secret:login"}, ' +
        'relations: {db: {app: pg, data: {a: "secret:login", b: "secret:nobody"}}}}',
    );
    expect(juju.config).toEqual({ token: `secret:${id}`, slug: 'secret:login' });
    expect(juju.relations['db:1']?.remoteApp).toEqual({ a: `secret:${id}`, b: 'secret:nobody' });
  });

  it('rotate next a policy’s time from now', () => {
    const state = rooted('{secrets: {login: {rotate: daily}}}');
    const next = state.juju.secrets[id]?.nextRotate ?? 0;
    expect(next - state.clock.now).toBe(86_400_000);
  });
});

describe('resources', () => {
  it('are there when they are given, under the name that metadata says', () => {
    expect(rooted().juju.resources).toEqual({});
    const { resources } = rooted(
      '{resources: {seed: {text: hello}, image: {image: "r.example/i:1", username: u}}}',
    ).juju;
    expect(resources['seed']).toMatchObject({
      kind: 'file',
      filename: 'seed.txt',
      downloaded: false,
    });
    expect(text(resources['seed']?.digest)).toBe('hello');
    expect(resources['image']?.kind).toBe('oci-image');
    expect(text(resources['image']?.digest)).toContain('registrypath: r.example/i:1');
  });

  it('are taken away by null', () => {
    const state = rooted('{resources: {seed: {text: hello}}}');
    expect(laid(state, ['{resources: {seed: }}']).juju.resources).toEqual({});
  });
});

describe('other words', () => {
  it('of the unit and its model are set', () => {
    const { juju } = rooted(
      '{trusted: true, cloud: {type: lxd}, machine: {id: "7", zone: z}, principal: p/0, ' +
        'leader-settings: {a: b}, unit-state: {c: d}, model: {config: {http-proxy: x}}, ' +
        'other-ports: {o/0: [80/tcp]}}',
    );
    expect(juju).toMatchObject({
      trusted: true,
      cloudSpec: { type: 'lxd' },
      machine: '7',
      zone: 'z',
      principal: 'p/0',
      leaderSettings: { a: 'b' },
      unitState: { c: 'd' },
      model: { config: { 'http-proxy': 'x' } },
      otherPorts: { 'o/0': ['80/tcp'] },
    });
  });

  it('take away what was there with null, and ports with an empty list', () => {
    const before = rooted(
      '{leader-settings: {a: b, c: d}, other-ports: {o/0: [80/tcp]}, cloud: {a: b}}',
    );
    const { juju } = laid(before, ['{leader-settings: {a: }, other-ports: {o/0: []}, cloud: }']);
    expect([juju.leaderSettings, juju.otherPorts, juju.cloudSpec]).toEqual([{ c: 'd' }, {}, null]);
  });

  it('of a network fill in what they do not say as Juju would', () => {
    const { networks } = rooted('{networks: {db: {addresses: [10.9.0.1]}, admin: {}}}').juju;
    expect(networks['db']).toEqual({
      bindAddresses: [
        {
          interfaceName: 'eth0',
          macAddress: '',
          addresses: [{ value: '10.9.0.1', cidr: '', hostname: '' }],
        },
      ],
      ingressAddresses: ['10.9.0.1'],
      egressSubnets: ['10.9.0.1/32'],
    });
    expect(networks['admin']?.ingressAddresses).toEqual(['10.1.0.10']);
  });
});

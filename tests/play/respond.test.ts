/** What others write over a relation, played against a script that asks for it. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Using } from '../../src/engine/play/using.ts';
import { RESPONDERS } from '../../src/engine/tree/responders.ts';
import { readLibrary } from '../../src/engine/tree/library-own.ts';
import type { OwnLibrary } from '../../src/engine/tree/reading.ts';
import type { Relation } from '../../src/engine/world/juju/slice.ts';
import { charmOf, tree } from '../tree/outline.ts';
import { last, play, using } from './chain.ts';
import type { Script } from './scripted-stage.ts';

/** A charm with one endpoint, which writes these keys once it is related. */
type Asking = {
  readonly role?: 'requires' | 'provides';
  readonly app?: Readonly<Record<string, string>>;
  readonly unit?: Readonly<Record<string, string>>;
  readonly own?: OwnLibrary;
  readonly steps?: string;
};

function writes({ app = {}, unit = {} }: Asking): Script {
  return ({ command, job }) => {
    if (job.environment['JUJU_RELATION'] === undefined) return 0;
    if (job.path.endsWith('broken')) return 0;
    const id = job.environment['JUJU_RELATION_ID'] ?? '';
    for (const [key, value] of Object.entries(app)) {
      command('relation-set', '-r', id, '--app', `${key}=${value}`);
    }
    for (const [key, value] of Object.entries(unit)) {
      command('relation-set', '-r', id, `${key}=${value}`);
    }
    return 0;
  };
}

async function related(name: string, asking: Asking = {}) {
  const { role = 'requires', own, steps = '- relate: end' } = asking;
  const charm = charmOf(`${role}: {end: {interface: ${name}}}`);
  const root = '{use: leader, stage: started}';
  const definition = tree(steps, { root, charm, ...(own ? { own } : {}) });
  const given: Using = { ...using(writes(asking)).given, charm };
  const nodes = await play(definition, given);
  expect(nodes.map(({ record }) => record.outcome.kind).slice(1)).not.toContain('inconsistent');
  const { state } = last(nodes);
  const [relation] = Object.values(state.juju.relations);
  return { nodes, state, relation: relation as Relation };
}

const remote = ({ relation }: { relation: Relation }) => relation.remoteApp;
const remoteUnit = ({ relation }: { relation: Relation }) => Object.values(relation.units)[0] ?? {};

describe('a database', () => {
  it('hands out a user in a secret where secrets are asked for', async () => {
    const app = { database: 'shop', 'requested-secrets': '["username","password","tls"]' };
    const { relation, state } = await related('postgresql_client', { app });
    expect(relation.app).toBe('postgresql');
    expect(relation.remoteApp).toMatchObject({
      database: 'shop',
      endpoints: 'postgresql-primary.example:5432',
      version: '14.12',
    });
    expect(relation.remoteApp).not.toHaveProperty('password');
    const id = String(relation.remoteApp['secret-user']).replace('secret:', '');
    expect(state.juju.secrets[id]).toMatchObject({
      owner: { kind: 'application', name: 'postgresql' },
      readable: true,
      revisions: { 1: { content: { username: 'relation-0', password: 'not-a-secret' } } },
    });
    expect(relation.remoteApp['secret-tls']).toMatch(/^secret:[0-9a-v]{20}$/);
  });

  it('hands out a user in plain text where none are', async () => {
    const data = remote(await related('mysql_client', { app: { database: 'shop' } }));
    expect(data).toEqual({
      database: 'shop',
      endpoints: 'mysql-primary.example:3306',
      version: '8.0.37',
      username: 'relation-0',
      password: 'not-a-secret',
      uris: 'mysql://relation-0:not-a-secret@mysql-primary.example:3306/shop',
    });
  });

  it('writes nothing for a charm that asks for nothing', async () => {
    expect(remote(await related('mongodb_client'))).toEqual({});
  });

  it('answers between two events, and writes no second revision of what it has written', async () => {
    const app = { database: 'shop', 'requested-secrets': '["username"]' };
    const steps = '- {use: relate, endpoint: end, rounds: 3}';
    const { nodes, state } = await related('postgresql_client', { app, steps });
    const changed = nodes.map(({ record }) =>
      record.deltas.some((delta) =>
        (delta.changed.juju ?? []).some(({ path }) => path.includes('remoteApp')),
      ),
    );
    expect(nodes.map(({ record }) => record.edge).slice(1)).toEqual([
      'end-relation-created',
      'end-relation-joined',
      'end-relation-changed',
      'end-relation-changed-2',
      'end-relation-changed-3',
    ]);
    expect(changed).toEqual([false, false, false, true, false, false]);
    expect(
      Object.values(state.juju.secrets).map(({ revisions }) => Object.keys(revisions)),
    ).toEqual([['1']]);
  });

  it('shows in the record who answered, and what that wrote', async () => {
    const { nodes } = await related('mysql_client', { app: { database: 'shop' } });
    expect(nodes.at(-1)?.record.deltas).toMatchObject([
      { spec: { respond: { end: { app: 'mysql' } } }, about: 'mysql answers.' },
    ]);
  });

  it('asks for one where the charm is the database', async () => {
    const data = remote(await related('postgresql_client', { role: 'provides' }));
    expect(data).toEqual({
      database: 'shop',
      'requested-secrets': '["username","password","tls","tls-ca","uris"]',
      'external-node-connectivity': 'false',
    });
  });
});

describe('the other side of', () => {
  it('kafka_client makes a topic and a user', async () => {
    expect(remote(await related('kafka_client', { app: { topic: 'orders' } }))).toMatchObject({
      topic: 'orders',
      endpoints: 'kafka-primary.example:9092',
      'consumer-group-prefix': 'relation-0-',
      username: 'relation-0',
    });
  });

  it('s3 tells of its bucket, by the name that was asked for', async () => {
    expect(remote(await related('s3', { app: { bucket: 'mine' } }))).toMatchObject({
      bucket: 'mine',
      endpoint: 'https://s3.example',
      'access-key': 'not-an-access-key',
    });
    const secret = remote(await related('s3', { app: { 'requested-secrets': '["access-key"]' } }));
    expect(secret).toMatchObject({
      bucket: 'web',
      'secret-extra': expect.stringMatching(/^secret:/),
    });
    expect(secret).not.toHaveProperty('access-key');
  });

  it('ingress tells an address once it knows for whom', async () => {
    const app = { model: '"dev"', name: '"web"', port: '8080' };
    expect(remote(await related('ingress', { app }))).toEqual({
      ingress: '{"url":"http://ingress.example/dev-web"}',
    });
    expect(remote(await related('ingress'))).toEqual({});
    expect(remote(await related('ingress', { app: { model: 'no json', name: '"web"' } }))).toEqual(
      {},
    );
  });

  it('http tells its host and port', async () => {
    expect(remoteUnit(await related('http'))).toMatchObject({
      hostname: '192.0.2.20',
      port: '80',
      'private-address': '192.0.2.20',
    });
  });

  it('tracing tells an address for each protocol that it knows', async () => {
    const app = { receivers: '["otlp_http","otlp_grpc","pigeon"]' };
    const { receivers = '' } = remote(await related('tracing', { app }));
    expect(JSON.parse(receivers)).toEqual([
      { protocol: { name: 'otlp_http', type: 'http' }, url: 'http://tempo.example:4318' },
      { protocol: { name: 'otlp_grpc', type: 'grpc' }, url: 'tempo.example:4317' },
    ]);
  });

  it('loki_push_api tells where its unit takes logs', async () => {
    expect(remoteUnit(await related('loki_push_api'))).toMatchObject({
      endpoint: '{"url":"http://loki.example:3100/loki/api/v1/push"}',
    });
  });

  it('prometheus_scrape tells what to scrape to a charm that scrapes', async () => {
    const { relation } = await related('prometheus_scrape');
    expect(JSON.parse(relation.remoteApp['scrape_jobs'] ?? '')).toEqual([
      { metrics_path: '/metrics', static_configs: [{ targets: ['*:9100'] }] },
    ]);
    expect(remoteUnit({ relation })).toMatchObject({ prometheus_scrape_unit_name: 'exporter/0' });
  });

  it.each(['prometheus_scrape', 'grafana_dashboard'])(
    '%s has nothing to say to a charm that provides',
    async (name) => {
      expect(remote(await related(name, { role: 'provides' }))).toEqual({});
    },
  );

  it('grafana_dashboard brings a list of dashboards', async () => {
    const { dashboards = '' } = remote(await related('grafana_dashboard'));
    expect(JSON.parse(dashboards)).toMatchObject({ templates: {} });
  });
});

/** A request that an OpenSSL of 2026 made, for a key on P-256, with a name of its own. */
const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIH9MIGjAgEAMBcxFTATBgNVBAMMDGRvb3IuZXhhbXBsZTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABPesH90vV3c1cS1UqFjhH5M3yAVvo/rkLHWW2gn7riKBWOeE
GphKkdzGXsnCZoSF1Pj+1OtXiJ+7vkgbdhYZfFqgKjAoBgkqhkiG9w0BCQ4xGzAZ
MBcGA1UdEQQQMA6CDGRvb3IuZXhhbXBsZTAKBggqhkjOPQQDAgNJADBGAiEAtAj4
Yo8NzkQKV92wv4N0mafry1bsl9eZ0nsRoiKO16sCIQDTd2wS/ewXFZn0qs8uR9HK
CHpKzLOIm2GZ/bYw9LwJjA==
-----END CERTIFICATE REQUEST-----`;

describe('the authority of tls-certificates', () => {
  const asked = JSON.stringify([{ certificate_signing_request: REQUEST, ca: false }]);
  const certificates = async (asking: Asking) =>
    JSON.parse(remote(await related('tls-certificates', asking))['certificates'] ?? '[]') as {
      certificate: string;
      ca: string;
      chain: string[];
      certificate_signing_request: string;
    }[];

  it.each(['app', 'unit'] as const)(
    'signs what the %s asks for, so that it can be verified',
    async (bag) => {
      const [issued, second] = await certificates({
        [bag]: { certificate_signing_requests: asked },
      });
      expect(second).toBeUndefined();
      const certificate = new X509Certificate(issued?.certificate ?? '');
      const ca = new X509Certificate(issued?.ca ?? '');
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(ca.verify(ca.publicKey)).toBe(true);
      expect([ca.ca, certificate.ca]).toEqual([true, false]);
      expect(certificate.checkIssued(ca)).toBe(true);
      expect(certificate.subject).toBe('CN=door.example');
      expect(certificate.checkHost('door.example')).toBe('door.example');
      expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
      expect(issued?.chain).toEqual([issued?.certificate, issued?.ca]);
      expect(issued?.certificate_signing_request).toBe(REQUEST);
      expect(new Date(certificate.validFrom) < new Date('2026-01-01')).toBe(true);
    },
  );

  it('makes another authority where one is asked for', async () => {
    const text = JSON.stringify([{ certificate_signing_request: REQUEST, ca: true }]);
    const [issued] = await certificates({ unit: { certificate_signing_requests: text } });
    expect(new X509Certificate(issued?.certificate ?? '').ca).toBe(true);
  });

  it.each(['no request', REQUEST.slice(0, 200), 'not json'])(
    'leaves %j unanswered',
    async (text) => {
      const bag = {
        certificate_signing_requests:
          text === 'not json' ? text : JSON.stringify([{ certificate_signing_request: text }]),
      };
      expect(await certificates({ unit: bag })).toEqual([]);
    },
  );

  it('asks a charm that signs for a certificate of a key', async () => {
    const bag = remoteUnit(await related('tls-certificates', { role: 'provides' }));
    const [request] = JSON.parse(bag['certificate_signing_requests'] ?? '[]') as {
      certificate_signing_request: string;
    }[];
    expect(request?.certificate_signing_request).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
  });
});

describe('the responders', () => {
  it('are one for each interface, each with where its form was read', () => {
    const names = RESPONDERS.map((one) => one.interface);
    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual([
      'grafana_dashboard',
      'http',
      'ingress',
      'kafka_client',
      'loki_push_api',
      'mongodb_client',
      'mysql_client',
      'postgresql_client',
      'prometheus_scrape',
      's3',
      'tls-certificates',
      'tracing',
    ]);
    for (const { source, about } of RESPONDERS) {
      expect(source).not.toBe('');
      expect(about).toMatch(/\.$/);
    }
  });

  it('answer at a root that relates everything, as far as nothing is asked for', async () => {
    const charm = charmOf('requires: {store: {interface: s3}, db: {interface: mysql_client}}');
    const definition = tree('- update-status', {
      root: '{use: [leader, related], stage: started}',
      charm,
    });
    const [root] = await play(definition, { ...using(() => 0).given, charm });
    const relations = Object.values(root?.state.juju.relations ?? {});
    expect(relations.map(({ endpoint, app }) => `${endpoint} ${app}`)).toEqual([
      'db mysql',
      'store s3-integrator',
    ]);
    expect(relations.map(({ remoteApp }) => Object.keys(remoteApp).length > 0)).toEqual([
      false,
      true,
    ]);
    expect(root?.state.juju.stage.joined).toEqual({
      'db:0': { 'mysql/0': true },
      'store:1': { 's3-integrator/0': true },
    });
  });

  const OWN = `
responders:
  clock_face:
    provides:
      app: big-ben
      answers:
        - {when: {zone: Europe}, data: {time: "{{our.zone}} noon", who: {app: "{{app}}", us: "{{us}}"}}}
        - {unless: [zone], unit: {hands: none}}
        - {when: {key: true}, data: {key: "{{secret.door}}"}, secrets: {door: {value: opens-nothing}}}
`;

  it('may be a project’s own, with rules and templates', async () => {
    const own = readLibrary([{ file: 'library/clock.yaml', text: OWN }]);
    const told = await related('clock_face', { app: { zone: 'Europe/Rome', key: 'x' }, own });
    expect(told.relation.app).toBe('big-ben');
    expect(remote(told)).toEqual({
      time: 'Europe/Rome noon',
      who: '{"app":"big-ben","us":"web"}',
      key: expect.stringMatching(/^secret:[0-9a-v]{20}$/),
    });
    expect(remote(await related('clock_face', { app: { zone: 'Asia' }, own }))).toEqual({});
    expect(remoteUnit(await related('clock_face', { own }))).toMatchObject({ hands: 'none' });
  });

  it('may be asked by an author in any delta', async () => {
    const steps =
      '- relate: {endpoint: end, respond: false}\n- delta: {respond: end}\n- end-relation-changed: {name: told}';
    const { nodes } = await related('s3', { steps });
    const bags = nodes.map(
      ({ state }) => Object.values(state.juju.relations)[0]?.remoteApp['bucket'],
    );
    expect(bags).toEqual([undefined, undefined, undefined, undefined, 'web']);
  });
});

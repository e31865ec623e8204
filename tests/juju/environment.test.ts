/** Exactly Juju's variables: which events bring which, and what each version and model adds. */
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import { hookEnvironment } from '../../src/engine/world/juju/environment.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { CONFIG_CHANGED, DB_CHANGED, UNIT } from './unit.ts';

const CHANCE = '0123456789abcdef0123456789abcdef';
const variables = (event: Event, unit: JujuSlice = UNIT) => hookEnvironment(unit, event, CHANCE);
const plain = variables(CONFIG_CHANGED);

/** What an event's variables have besides those of config-changed, the three that name the hook aside. */
function besides(event: Event, unit: JujuSlice = UNIT): Record<string, string> {
  const naming = ['JUJU_CONTEXT_ID', 'JUJU_DISPATCH_PATH', 'JUJU_HOOK_NAME'];
  return Object.fromEntries(
    Object.entries(variables(event, unit)).filter(
      ([name, value]) => plain[name] !== value && !naming.includes(name),
    ),
  );
}

const STORED: JujuSlice = {
  ...UNIT,
  storages: { 'data/0': { kind: 'filesystem', location: '/srv/data', attached: true } },
};
const RELATION = { kind: 'relation', endpoint: 'db', relation: 1, app: 'postgresql' } as const;
const OF_DB = { JUJU_RELATION: 'db', JUJU_RELATION_ID: 'db:1', JUJU_REMOTE_APP: 'postgresql' };
const SECRET = { kind: 'secret', secret: 'd0abc', label: 'key' } as const;
const OF_SECRET = { JUJU_SECRET_ID: 'secret:d0abc', JUJU_SECRET_LABEL: 'key' };

describe('the hook that runs', () => {
  it.each<[string, Event, string]>([
    ['a lifecycle hook', CONFIG_CHANGED, 'hooks/config-changed'],
    ['a relation hook', DB_CHANGED, 'hooks/db-relation-changed'],
    [
      'a storage hook',
      { kind: 'storage', storage: 'data', id: 'data/0', phase: 'attached' },
      'hooks/data-storage-attached',
    ],
    ['a secret hook', { ...SECRET, happening: 'rotate' }, 'hooks/secret-rotate'],
    ['a pebble hook', { kind: 'pebble-ready', container: 'web' }, 'hooks/web-pebble-ready'],
    ['an action', { kind: 'action', name: 'backup', params: {} }, 'actions/backup'],
  ])('is told by its path and name: %s', (_what, event, path) => {
    const told = variables(event);
    const name = path.replace(/^\w+\//, '');
    expect(told['JUJU_DISPATCH_PATH']).toBe(path);
    expect(told['JUJU_HOOK_NAME']).toBe(event.kind === 'action' ? '' : name);
    expect(told['JUJU_CONTEXT_ID']).toBe(`web/0-${name}-${CHANCE}`);
  });
});

describe('what an event brings', () => {
  it.each<[string, Event, Record<string, string>]>([
    [
      'relation-created: an empty remote unit',
      { ...RELATION, phase: 'created' },
      { ...OF_DB, JUJU_REMOTE_UNIT: '' },
    ],
    [
      'relation-departed: who departs',
      { ...RELATION, phase: 'departed', unit: 'postgresql/0', departing: 'postgresql/0' },
      { ...OF_DB, JUJU_REMOTE_UNIT: 'postgresql/0', JUJU_DEPARTING_UNIT: 'postgresql/0' },
    ],
    ['secret-changed: no revision', { ...SECRET, happening: 'changed' }, OF_SECRET],
    [
      'secret-expired: the revision',
      { ...SECRET, happening: 'expired', revision: 2 },
      { ...OF_SECRET, JUJU_SECRET_REVISION: '2' },
    ],
    [
      'a custom notice',
      { kind: 'pebble-notice', container: 'web', id: '3', type: 'custom', key: 'a.b/c' },
      {
        JUJU_WORKLOAD_NAME: 'web',
        JUJU_NOTICE_ID: '3',
        JUJU_NOTICE_TYPE: 'custom',
        JUJU_NOTICE_KEY: 'a.b/c',
      },
    ],
    [
      'a failing check',
      { kind: 'pebble-check', container: 'web', check: 'up', turned: 'failed' },
      { JUJU_WORKLOAD_NAME: 'web', JUJU_PEBBLE_CHECK_NAME: 'up' },
    ],
    [
      'pre-series-upgrade: where to',
      { kind: 'lifecycle', name: 'pre-series-upgrade', target: 'ubuntu@24.04/stable' },
      { JUJU_TARGET_BASE: 'ubuntu@24.04/stable', JUJU_TARGET_SERIES: 'noble' },
    ],
    ['update-status: nothing', { kind: 'lifecycle', name: 'update-status' }, {}],
  ])('%s', (_what, event, told) => {
    expect(besides(event)).toEqual(told);
  });

  it('a storage hook: the instance, its kind and place, as far as it is provisioned', () => {
    const event: Event = { kind: 'storage', storage: 'data', id: 'data/0', phase: 'attached' };
    expect(besides(event, STORED)).toEqual({
      JUJU_STORAGE_ID: 'data/0',
      JUJU_STORAGE_KIND: 'filesystem',
      JUJU_STORAGE_LOCATION: '/srv/data',
    });
    expect(besides(event)).toEqual({ JUJU_STORAGE_ID: 'data/0' });
  });
});

describe('where the unit is', () => {
  it('a machine has a number, a pod has the address of its cluster', () => {
    const pod: JujuSlice = { ...UNIT, machine: '', model: { ...UNIT.model, type: 'kubernetes' } };
    expect(plain['JUJU_MACHINE_ID']).toBe('0');
    expect(Object.keys(plain).filter((name) => name.startsWith('KUBERNETES'))).toEqual([]);
    expect(variables(CONFIG_CHANGED, pod)).toMatchObject({
      JUJU_MACHINE_ID: '',
      KUBERNETES_SERVICE_HOST: '10.152.183.1',
      KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
    });
  });

  it('Juju 4.0 tells no JUJU_SLA', () => {
    expect(plain).toHaveProperty('JUJU_SLA');
    expect(variables(CONFIG_CHANGED, { ...UNIT, version: '4.0.1' })).not.toHaveProperty('JUJU_SLA');
  });

  it('proxies: juju-* always, empty if need be; the old ones only where they are set', () => {
    const config = { 'juju-http-proxy': 'http://p:1', 'no-proxy': '10.0.0.0/8' };
    const told = variables(CONFIG_CHANGED, { ...UNIT, model: { ...UNIT.model, config } });
    expect(told).toMatchObject({
      JUJU_CHARM_HTTP_PROXY: 'http://p:1',
      JUJU_CHARM_FTP_PROXY: '',
      NO_PROXY: '10.0.0.0/8',
      no_proxy: '10.0.0.0/8',
    });
    expect(told).not.toHaveProperty('http_proxy');
  });
});

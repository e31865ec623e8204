/** The Python module that takes ops.testing's States and events to JSON and back, with ops.testing itself. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonWith } from '../dispatch/rig.ts';

type Told = {
  readonly state: { readonly [field: string]: unknown };
  readonly json_same: boolean;
  readonly state_same: boolean;
  readonly files_same: boolean;
  readonly events: readonly { json: Record<string, unknown>; same: boolean; name: string }[];
  readonly foreign: unknown;
  readonly refused: readonly (string | null)[];
};

const python = pythonWith('ops[testing]==3.9.0');

function told(): Told {
  const env = { PYTHONPATH: [python.packages, join(process.cwd(), 'src/scenario')].join(':') };
  const text = execFileSync(python.executable, [join(import.meta.dirname, 'round_trip.py')], {
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return JSON.parse(text.toString('utf8')) as Told;
}

describe('playbill_scenario', () => {
  const { state, events, foreign, refused, ...same } = told();

  it('takes a State with every part there and back', () => {
    expect(same).toEqual({ json_same: true, state_same: true, files_same: true });
  });

  it('writes dataclasses, enums, sets and maps with keys that are no text as the dialect has them', () => {
    expect(state).toMatchObject({
      _type: 'State',
      opened_ports: [
        { _type: 'ICMPPort', port: null, protocol: 'icmp' },
        { _type: 'TCPPort', port: 80, protocol: 'tcp' },
        { _type: 'UDPPort', port: 53, protocol: 'udp' },
      ],
      unit_status: { _type: 'Status', name: 'waiting', message: 'for' },
      stored_states: [{ content: { by: { _type: 'dict_int', items: { '7': 'x' } } } }],
      deferred: [{ handle_path: 'C/on/start[1]', snapshot_data: { a: [1, null] } }],
    });
    const secrets = state['secrets'] as readonly Record<string, unknown>[];
    expect(secrets.find(({ owner }) => owner === 'app')).toMatchObject({
      expire: { _type: 'datetime', value: '2026-03-04T05:06:07+00:00' },
      rotate: { _enum: 'SecretRotate', value: 'daily' },
      remote_grants: { _type: 'dict_int', items: { '3': ['pg'] } },
      _tracked_revision: 1,
    });
  });

  it("brings a mount's files with it", () => {
    const [web] = state['containers'] as readonly { mounts: { conf: { source: object } } }[];
    expect(web?.mounts.conf.source).toMatchObject({
      _type: 'Source',
      kind: 'dir',
      entries: [
        { path: 'app.yaml', type: 'file', mode: '0644', size: 5, text: 'a: 1\n' },
        { path: 'deep', type: 'dir', mode: '0755' },
        { path: 'deep/blob', type: 'file', base64: '/wA=' },
        { path: 'script', mode: '0755' },
      ],
    });
  });

  it('takes every kind of event there and back, with the hook as Juju names it', () => {
    expect(events.filter(({ same: equal }) => !equal).map(({ name }) => name)).toEqual([]);
    expect(events.map(({ json }) => json['hook'])).toEqual([
      'install',
      'db-relation-joined',
      'db-relation-departed',
      'peers-relation-changed',
      'host-relation-broken',
      'web-pebble-ready',
      'web-pebble-custom-notice',
      'web-pebble-check-failed',
      'data-storage-attached',
      'secret-expired',
      'secret-rotate',
      null,
      'collect-unit-status',
    ]);
    expect(events.find(({ name }) => name === 'secret_expired')?.json['secret']).toEqual({
      id: 'secret:abc',
      label: 'mine',
      revision: 2,
    });
  });

  it('says what an event is about in whole only when the state has it otherwise', () => {
    expect(events.some(({ json }) => 'objects' in json)).toBe(false);
    expect(foreign).toMatchObject({ container: { name: 'other', can_connect: true } });
  });

  it('refuses by name what is no part of a State, and files outside of their folder', () => {
    expect(refused).toEqual([
      'ops.testing has no Popen',
      'Model has no field nmae',
      '/x leads out of its folder',
      'builtins.object has no JSON form',
      'ops.testing has no Model',
    ]);
  });
});

/** Payload commands answer as Juju 3's. Source: juju jujuc/payload-*.go, core/payloads, state/payloads.go */
import { describe, expect, it } from 'vitest';
import { CHARM, run, shown, UNIT } from './unit.ts';

const charm = { ...CHARM, payloads: { monitoring: 'docker', guest: 'kvm' } };
const cwd = '/var/lib/juju/agents/unit-web-0/charm';
const unit = { ...UNIT, payloads: { 'monitoring/abc': 'running' } };
const MISSING = [2, '', 'ERROR missing required arguments\n'] as const;

describe('payload commands', () => {
  it.each([
    ['payload-register wants three words', ['payload-register', 'docker', 'monitoring'], MISSING],
    [
      'payload-register names a class that is not declared',
      ['payload-register', 'docker', 'nope', '1'],
      [1, '', 'ERROR payload "nope" not found in metadata.yaml\n'],
    ],
    [
      'payload-register names a wrong type',
      ['payload-register', 'kvm', 'monitoring', '1'],
      [1, '', 'ERROR incorrect type "kvm" for payload "monitoring", expected "docker"\n'],
    ],
    [
      'payload-register wants an id',
      ['payload-register', 'docker', 'monitoring', ''],
      [1, '', 'ERROR missing ID not valid\n'],
    ],
    ['payload-unregister wants two words', ['payload-unregister', 'monitoring'], MISSING],
    [
      'payload-unregister takes two words',
      ['payload-unregister', 'monitoring', 'abc', 'x'],
      [2, '', 'ERROR unrecognized args: ["x"]\n'],
    ],
    [
      'payload-unregister minds no unknown payload',
      ['payload-unregister', 'guest', '1'],
      [0, '', ''],
    ],
    ['payload-status-set wants three words', ['payload-status-set', 'monitoring', 'abc'], MISSING],
    [
      'payload-status-set takes three words',
      ['payload-status-set', 'monitoring', 'abc', 'running', 'x'],
      [2, '', 'ERROR unrecognized args: ["x"]\n'],
    ],
    [
      'payload-status-set names a bad status',
      ['payload-status-set', 'monitoring', 'abc', 'fine'],
      [
        1,
        '',
        'ERROR status "fine" not supported; expected one of ["running", "starting", "stopped", "stopping"]\n',
      ],
    ],
    [
      'payload-status-set wants a payload that is registered',
      ['payload-status-set', 'guest', '1', 'stopped'],
      [1, '', 'ERROR payload not found\n'],
    ],
  ] as const)('%s', (_title, argv, expected) => {
    expect(shown(argv, { unit, charm, cwd })).toEqual(expected);
  });

  it('write at once, one payload a class', () => {
    const { kept } = run(['payload-register', 'docker', 'monitoring', 'def', 'tag'], {
      unit,
      charm,
      cwd,
    });
    expect(kept.payloads).toEqual({ 'monitoring/def': 'running' });
    const stopped = run(['payload-status-set', 'monitoring', 'other', 'stopped'], { unit: kept });
    expect(stopped.kept.payloads).toEqual({ 'monitoring/def': 'stopped' });
    const gone = run(['payload-unregister', 'monitoring', 'other'], { unit: stopped.kept });
    expect(gone.kept.payloads).toEqual({});
  });

  it('look for the charm’s metadata in the folder they are run in', () => {
    const argv = ['payload-register', 'docker', 'monitoring', '1'];
    const message = 'ERROR open /srv/metadata.yaml: no such file or directory\n';
    expect(shown(argv, { unit, charm, cwd: '/srv' })).toEqual([1, '', message]);
    expect(shown(argv, { unit, cwd })[2]).toMatch(/not found in metadata.yaml/);
  });
});

/** What a tree says of its events: options of each kind, faults, retries and upgrades. */
import { describe, expect, it } from 'vitest';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import type { NodeDefinition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';

/** The nodes of these steps; the first step is on line 3. */
function steps(...lines: readonly string[]): readonly NodeDefinition[] {
  const text = `root: leader\nsteps:\n${lines.map((line) => `- ${line}\n`).join('')}`;
  return parseTree({ file: 't.yaml', text, name: 't' }).nodes;
}

function told(...lines: readonly string[]): readonly string[] {
  try {
    steps(...lines);
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    throw error;
  }
  return [];
}

describe('an event', () => {
  it.each([
    ['data-storage-detaching: {index: 2}', { index: 2 }],
    [
      'db-relation-departed: {app: a, unit: 1, departing: this}',
      { app: 'a', unit: 1, departing: 'this' },
    ],
    ['db-relation-departed: {departing: 3}', { departing: 3 }],
    ['db-relation-changed: {unit: none}', { unit: 'none' }],
    ['secret-remove: {secret: login, revision: 2}', { secret: 'login', revision: 2 }],
    ['web-pebble-custom-notice: {notice: a.example/b}', { notice: 'a.example/b' }],
    ['web-pebble-check-recovered: {check: up}', { check: 'up' }],
    ['pre-series-upgrade: {target: ubuntu@24.04}', { target: 'ubuntu@24.04' }],
  ])('%s keeps what is said of it, and where', (step, expected) => {
    const [node] = steps(step);
    expect(node?.event).toMatchObject({ kind: 'hook', ...expected });
    expect(Object.keys(node?.event.places ?? {})).toEqual(Object.keys(expected));
  });

  it.each([
    'data-storage-attached',
    'secret-expired',
    'secret-rotate',
    'web-pebble-check-failed',
    'leader-settings-changed',
    'post-series-upgrade',
  ])('may be %s', (name) => {
    expect(steps(name)[0]?.event).toMatchObject({ name, kind: 'hook' });
  });

  it('may be a retry of whatever failed', () => {
    const [first, second] = steps('retry', 'retry: {as: again}');
    expect([first?.event.kind, first?.id]).toEqual(['retry', 't/retry']);
    expect([second?.event.kind, second?.id]).toEqual(['retry', 't/again']);
  });

  it.each([
    ['start: {secret: a}', '3:11: start: "secret" names the secret of a secret event'],
    [
      'db-relation-joined: {departing: 1}',
      '3:24: db-relation-joined: "departing" names the unit that leaves',
    ],
    ['secret-rotate: {revision: 1}', '3:19: secret-rotate: "revision" is the revision of'],
    ['db-relation-departed: {departing: me}', 'departing: expected "this" or the number of a unit'],
    [
      'data-storage-atached',
      '3:3: unknown event "data-storage-atached"\n  Did you mean "data-storage-attached"?',
    ],
    ['web_pebble_custom_notice', 'Did you mean "web-pebble-custom-notice"?'],
    ['web-pebble-check-fialed', 'Did you mean "web-pebble-check-failed"?'],
    ['secret-rotated', 'Did you mean "secret-rotate"?'],
    ['leader-deposed', '"leader-deposed" is sent by no Juju of today'],
  ])('of the form %s is told what is wrong with it', (step, expected) => {
    expect(told(step)[0]).toContain(expected);
  });
});

describe('a fault', () => {
  it.each([
    [
      '{command: relation-set, nth: 2, code: 3, stderr: "ERROR no"}',
      { kind: 'command', command: 'relation-set', nth: 2, code: 3, stderr: 'ERROR no' },
    ],
    [
      '{command: config-get}',
      {
        kind: 'command',
        command: 'config-get',
        nth: 1,
        code: 1,
        stderr: 'ERROR connection is shut down',
      },
    ],
    ['{pebble: web}', { kind: 'pebble', container: 'web', nth: 1 }],
    ['{pebble: web, nth: 4}', { kind: 'pebble', container: 'web', nth: 4 }],
    [
      '{commit: state changing too quickly}',
      { kind: 'commit', message: 'state changing too quickly' },
    ],
    ['{leadership-lost: is-leader}', { kind: 'leadership', command: 'is-leader', nth: 1 }],
    ['{dies: relation-set, nth: 2}', { kind: 'death', command: 'relation-set', nth: 2 }],
  ])('%s is what goes wrong in a dispatch', (written, expected) => {
    const [node] = steps(`install: {faults: [${written}]}`);
    expect(node?.event.faults).toEqual([expected]);
    expect(node?.event.places).toHaveProperty(['faults/0']);
  });

  it('may be of an action, a retry or an upgrade too', () => {
    const faults = 'faults: [{commit: x}]';
    const nodes = steps(
      `run: {action: a, ${faults}}`,
      `retry: {${faults}}`,
      `upgrade: {to: b, ${faults}}`,
    );
    expect(nodes.map(({ event }) => event.faults?.length)).toEqual([1, 1, 1, undefined]);
  });

  it.each([
    ['{nth: 1}', '3:22: fault: what goes wrong?\n  Say one of command, pebble, commit,'],
    ['{command: a, dies: b}', '3:35: fault: command and dies at once\n  Write a fault for each.'],
    ['{commit: a, nth: 1}', '3:34: fault: "nth" is not said of commit\n  Leave it out here.'],
    ['{comand: a}', '3:23: fault: unknown key "comand"\n  Did you mean "command"?'],
    ['{command: a, code: 0}', 'fault: code: expected a whole number of at least 1, got 0'],
  ])('of the form %s is told what is wrong with it', (written, expected) => {
    expect(told(`install: {faults: [${written}]}`)[0]).toContain(expected);
  });
});

describe('an upgrade', () => {
  it('grows two nodes, one below the other, which both have names', () => {
    const nodes = steps(
      'install',
      'upgrade: {to: ../next, as: upgraded, title: T, config-changed: {as: done, about: A}}',
      'update-status',
    );
    expect(nodes.map(({ id, parent, upgrade }) => [id, parent, upgrade])).toEqual([
      ['t/install', 't', undefined],
      ['t/upgraded', 't/install', '../next'],
      ['t/done', 't/upgraded', undefined],
      ['t/done/update-status', 't/done', undefined],
    ]);
    expect(nodes.map(({ event }) => event.name)).toEqual([
      'install',
      'upgrade-charm',
      'config-changed',
      'update-status',
    ]);
    expect([nodes[1]?.title, nodes[2]?.about]).toEqual(['T', 'A']);
  });

  it('may be said in short', () => {
    const nodes = steps('upgrade: git:v2.0');
    expect(nodes.map(({ id }) => id)).toEqual([
      't/upgrade-charm',
      't/upgrade-charm/config-changed',
    ]);
    expect(nodes[0]).toMatchObject({
      upgrade: 'git:v2.0',
      event: { places: { upgrade: { line: 3, column: 12 } } },
    });
  });

  it('has the deltas before it laid before its first hook only', () => {
    const nodes = steps('delta: {leader: true}', 'upgrade: a');
    expect(nodes.map(({ deltas }) => deltas.length)).toEqual([1, 0]);
  });

  it.each([
    [
      'upgrade: {as: a}',
      '3:3: upgrade: to which charm?\n  Write {to: ../next}, {to: git:REVISION}',
    ],
    ['upgrade: {to: "git:"}', '3:17: upgrade: to: "git:" names no charm'],
    ['upgrade: {to: "git:--output=x"}', 'names no charm'],
    ['upgrade: [a]', '3:12: upgrade: expected a mapping, got a list'],
    ['upgrade: {to: a, unit: 1}', '3:20: upgrade: unknown key "unit"'],
    ['upgrade: {to: a, config-changed: {unit: 1}}', 'config-changed: "unit" names the remote unit'],
  ])('of the form %s is told what is wrong with it', (step, expected) => {
    expect(told(step)[0]).toContain(expected);
  });
});

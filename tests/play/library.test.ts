/** Every entry of the library is what Juju would do: played from where it belongs, nothing of it is inconsistent. */
import { describe, expect, it } from 'vitest';
import { listedEntries } from '../../src/engine/tree/library-listing.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { charmOf, tree, VM, WEB } from '../tree/outline.ts';
import { play, using } from './chain.ts';

const NEW = '{use: [leader, containers], stage: new}';
const STARTED = '{use: [leader, containers-ready], stage: started}';
/** Where an entry belongs, when that is not a unit that has started, and what is written of it beyond its sample. */
const ROOTS: Readonly<Record<string, string>> = {
  'bare-startup': NEW,
  startup: NEW,
  'leadership-change': '{use: containers-ready, stage: started}',
  teardown: '{stage: started, relations: {db: {units: {0: {}}}}}',
};
const USES: Readonly<Record<string, string>> = {
  startup: '- {use: startup, containers: true}',
  teardown: '- {use: teardown, endpoints: [db]}',
  'relation-life': '- {use: relation-life, endpoint: db, rounds: 2}',
};
/** What can only be on the other kind of model. */
const ELSEWHERE: readonly string[] = ['reboot', 'pod-churn', 'container-restart', 'workload-ready'];
/** They are for units that have no storage. */
const BARE: readonly string[] = ['bare-startup', 'bare-teardown'];
const END = '- update-status: {name: end}';

async function outcomes(steps: string, root: string, charm: typeof WEB) {
  const definition = tree(steps, { root, charm });
  const given: Using = { ...using(() => 0).given, charm, upgrades: {} };
  const upgraded = { ...given, upgrades: { '../next': given }, shipped: [] };
  const nodes = await play(definition, upgraded);
  return nodes.map(({ record: { id, outcome } }) =>
    outcome.kind === 'inconsistent'
      ? `${id}: ${outcome.problems.map(({ message }) => message).join(', ')}`
      : outcome.kind,
  );
}

describe.each([
  ['on Kubernetes', WEB],
  ['on a machine', VM],
] as const)('every entry %s', (_, charm) => {
  const kubernetes = charm === WEB;
  const entries = listedEntries({ charm })
    .filter(({ steps }) => steps !== null)
    .filter(({ name }) => !BARE.includes(name))
    .filter(({ name }) =>
      kubernetes ? name !== 'reboot' : !ELSEWHERE.includes(name) || name === 'reboot',
    );

  it.each(entries.map(({ name, use, kind }) => [name, USES[name] ?? use, kind] as const))(
    '%s is consistent',
    async (name, use, kind) => {
      const steps = kind === 'node' ? `${use}\n${END}` : use;
      const found = await outcomes(steps, ROOTS[name] ?? STARTED, charm);
      expect(found.length).toBeGreaterThan(1);
      expect(new Set(found.slice(1))).toEqual(new Set(['played']));
    },
  );

  it('of them are most', () => expect(entries.length).toBeGreaterThan(kubernetes ? 15 : 10));
});

describe('what is bare', () => {
  it('is consistent for a unit that has no storage', async () => {
    const charm = charmOf('requires: {db: {interface: x}}');
    const found = await outcomes('- use: bare-startup\n- use: bare-teardown', NEW, charm);
    expect(new Set(found)).toEqual(new Set(['root', 'played']));
    expect(found).toHaveLength(6);
  });
});

describe('the end of a unit', () => {
  it('is consistent from its beginning, with all that it has', async () => {
    const steps =
      '- {use: startup, as: up}\n- relate: {endpoint: db, as: on}\n' +
      '- {use: relation-life, endpoint: replicas, until: changed, as: two}\n' +
      '- {use: teardown, endpoints: [db]}';
    const found = await outcomes(steps, NEW, VM);
    expect(found.filter((one) => one !== 'played' && one !== 'root')).toEqual([
      expect.stringContaining('the relation replicas:0 has not ended'),
      'parent-failed',
    ]);
    const whole = await outcomes(steps.replace('[db]', '[db, replicas]'), NEW, VM);
    expect(new Set(whole)).toEqual(new Set(['root', 'played']));
  });
});

/** What a transition comes to, line by line, against golden files; and that what is written is read back the same. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stableText, type Json } from '../../src/engine/model/json.ts';
import { playScenarioTransition, playTransition } from '../../scripts/transition.ts';
import { openTransitions, type TransitionSession } from '../../scripts/transition-session.ts';
import { CHARM, OWN_LINES, SCENARIO_LINES } from './lines.ts';

let session: TransitionSession;
beforeAll(async () => {
  session = await openTransitions({ cwd: process.cwd() });
}, 240_000);
afterAll(async () => session[Symbol.asyncDispose]());

/** Without what differs between versions of Python and SQLite: tracebacks in logs, the bytes of a database. */
function steady(answer: object): object {
  const { log: _log, entries: _entries, ...kept } = answer as Record<string, unknown>;
  const text = JSON.stringify(kept, (key, value: unknown) =>
    key === '.unit-state.db' && isBytes(value) ? { ...value, base64: '…' } : value,
  );
  return JSON.parse(text) as object;
}

function isBytes(value: unknown): value is { base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value;
}

function golden(name: string): string {
  return join(import.meta.dirname, 'golden', `${name}.json`);
}

describe('in the dialect of ops.testing', () => {
  it.each(Object.entries(SCENARIO_LINES))('%s gives its golden answer', async (name, line) => {
    const answer = await playScenarioTransition(line, session);
    await expect(stableText({ line, answer: steady(answer) })).toMatchFileSnapshot(golden(name));
  });

  it('gives back a state that is read as the same state', async () => {
    for (const [name, line] of Object.entries(SCENARIO_LINES)) {
      const { state } = await playScenarioTransition(line, session);
      const event = 'update-status';
      const again = await playScenarioTransition({ ...line, state, event }, session);
      const twice = await playScenarioTransition({ ...line, state, event }, session);
      expect(again, name).toEqual(twice);
      const { relations, secrets, config, model, opened_ports } = state;
      expect(again.state, name).toMatchObject({ relations, secrets, config, model, opened_ports });
    }
  });

  it('emits again what was deferred, and counts on where ops stopped', async () => {
    const first = await playScenarioTransition(
      SCENARIO_LINES['scenario-install-deferred']!,
      session,
    );
    expect(first.state.deferred).toMatchObject([{ handle_path: 'Ledger/on/install[1]' }]);
    const { state } = first;
    const line = { charm: CHARM, state, event: 'config-changed' };
    const second = await playScenarioTransition(line, session);
    expect(second.log.map(({ message }) => message)).toContain(
      'Re-emitting deferred event <InstallEvent via Ledger/on/install[1]> (1 of 1 in queue).',
    );
    expect(second.state.deferred).toEqual(state.deferred);
    const counts = second.state.stored_states.find(({ owner_path }) => owner_path === null);
    expect(counts?.content).toEqual({ event_count: 8 });
  });

  it('gives a failed hook the state that Juju keeps', async () => {
    const { outcome, exception, state } = await playScenarioTransition(
      SCENARIO_LINES['scenario-failed']!,
      session,
    );
    expect(outcome.kind).toBe('failed');
    expect(exception).toEqual({ type: 'builtins.ValueError', message: 'no such page' });
    expect(state.unit_status).toMatchObject({ name: 'maintenance', message: 'opening' });
    expect(state.opened_ports).toMatchObject([{ port: 80 }]);
  });

  it.each([
    [{ leader: 1 }, 'install', 'state.leader: must be boolean'],
    [{ ledaer: true }, 'install', 'state: "ledaer" is not known here'],
    [
      { relations: [{ id: 1 }] },
      'install',
      "state.relations[0]: must have required property 'endpoint'",
    ],
    [{}, 'db_relation_chnaged', 'event: db-relation-chnaged is no event of Juju’s'],
    [
      {},
      { name: 'db_relation_changed', endpoint: 'db', relation_id: 3 },
      'event: the relation db:3 of db-relation-changed is not in the state',
    ],
    [
      { stored_states: [{ content: { a: { _type: 'datetime', value: 'x' } } }] },
      'install',
      'a value of the type "datetime" cannot be kept in ops’ database',
    ],
    [
      { secrets: [{ id: 'secret:x', tracked_content: {}, expire: { value: 'soon' } }] },
      'install',
      'secret secret:x: "soon" is no time',
    ],
  ])('refuses %j and %j in one sentence', async (state, event, sentence) => {
    const line = { charm: CHARM, state: state as object, event } as Parameters<
      typeof playScenarioTransition
    >[0];
    await expect(playScenarioTransition(line, session)).rejects.toThrow(
      sentence.replaceAll('’', "'"),
    );
  });

  it('refuses a class that is not the charm’s own', async () => {
    const line = {
      ...SCENARIO_LINES['scenario-action']!,
      class: { autoloaded: false, qualname: 'Fake' },
    };
    await expect(playScenarioTransition(line, session)).rejects.toThrow('Fake is not the charm');
  });
});

describe('in the project’s own JSON', () => {
  it.each(Object.entries(OWN_LINES))('%s gives its golden answer', async (name, line) => {
    const answer = await playTransition(line, session);
    await expect(stableText({ line, answer: steady(answer) })).toMatchFileSnapshot(golden(name));
  });

  it('reads back what it wrote as the same state', async () => {
    for (const [name, line] of Object.entries(OWN_LINES)) {
      const { state } = await playTransition(line, session);
      // An event that this state cannot meet leaves it as it was read.
      const again = await playTransition({ charm: CHARM, state, event: 'nothing' }, session);
      expect(again.outcome.kind, name).toBe('inconsistent');
      expect(again.state, name).toEqual(state);
    }
  });

  it('plays what Juju would never deliver when asked to, and says why it would not', async () => {
    const event = { kind: 'lifecycle', name: 'leader-elected' } as const;
    const strict = await playTransition({ charm: CHARM, state: {}, event }, session);
    expect(strict).toMatchObject({ outcome: { kind: 'inconsistent' }, irregular: [] });
    const line = { charm: CHARM, state: {}, event, permissive: true };
    const { outcome, irregular } = await playTransition(line, session);
    expect(outcome.kind).toBe('failed');
    expect(irregular).not.toEqual([]);
  });

  it('lets go wrong what the line says', async () => {
    const faults = [{ kind: 'commit', message: 'no room' }] as const;
    const line = { charm: CHARM, state: {}, event: 'config-changed', faults };
    const { outcome } = await playTransition(line, session);
    expect(outcome).toMatchObject({ kind: 'commit-failed', problems: [{ message: 'no room' }] });
  });

  it.each([
    [[], 'state: must be an object'],
    [{ juju: { leader: 1 } }, 'state.juju.leader: must be boolean'],
    [{ jujju: {} }, 'state: "jujju" is not known here'],
    [{ pebble: { containers: { web: null } } }, 'state.pebble.containers.web: must be object'],
    [
      {
        machine: {
          charmDir: {
            'a/b': { kind: 'file', mode: 420, user: 'root', group: 'root', modified: 0 },
          },
        },
      },
      'state.machine.charmDir.a/b',
    ],
  ])('refuses the state %j in one sentence', async (state, sentence) => {
    const line = { charm: CHARM, state: state as Json, event: 'install' };
    await expect(playTransition(line, session)).rejects.toThrow(sentence);
  });
});

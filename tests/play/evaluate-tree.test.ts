/** What playing a tree promises, with a script in the charm's place: no process, no clock, no disk. */
import { describe, expect, it } from 'vitest';
import { stableText } from '../../src/engine/model/json.ts';
import { chain, last, play, using } from './chain.ts';
import type { Script } from './scripted-stage.ts';

describe('a hook is a transaction', () => {
  const script: Script = ({ command }) => {
    command('status-set', 'active', 'hello');
    command('open-port', '80');
    return command('config-get', 'slug').out === 'fail\n' ? 1 : 0;
  };

  it('keeps what it buffered when it exits 0', async () => {
    const { state } = last(await play(chain(['install']), using(script).given));
    expect([Object.keys(state.juju.ports), state.juju.unitStatus.message]).toEqual([
      ['80/tcp'],
      'hello',
    ]);
  });

  it('drops what it buffered and keeps what was immediate when it fails', async () => {
    const { state, record } = last(
      await play(chain(['install'], { config: { slug: 'fail' } }), using(script).given),
    );
    expect(record.outcome.kind).toBe('failed');
    expect([Object.keys(state.juju.ports), state.juju.unitStatus.message]).toEqual([[], 'hello']);
    expect(state.juju.agentStatus).toEqual({ status: 'error', message: 'hook failed: "install"' });
  });

  it('says of each call what it wrote and when that lands', async () => {
    const { record } = last(await play(chain(['install']), using(script).given));
    const effects = record.entries.flatMap((entry) => (entry.kind === 'call' ? entry.effects : []));
    expect(effects).toContainEqual({ path: ['juju', 'unitStatus'], when: 'now' });
    expect(effects).toContainEqual({ path: ['juju', 'ports'], when: 'commit' });
  });
});

describe('outcomes', () => {
  const fine: Script = () => 0;

  it('an event out of order is inconsistent and dispatches nothing', async () => {
    const { given, jobs } = using(fine);
    const { record } = last(await play(chain(['start'], { stage: 'new' }), given));
    expect([record.outcome.kind, jobs.length]).toEqual(['inconsistent', 0]);
  });

  it('nodes below one that failed say which', async () => {
    const nodes = await play(chain(['install', 'config-changed', 'start']), using(() => 1).given);
    expect(nodes.slice(2).map(({ record }) => record.outcome)).toEqual([
      { kind: 'parent-failed', node: 'life/install' },
      { kind: 'parent-failed', node: 'life/install' },
    ]);
  });

  it('a hook the charm does not have counts as played, an action it does not have as failed', async () => {
    const nodes = await play(
      chain(['install', 'backup']),
      using(() => ({ end: { kind: 'missing' } })).given,
    );
    expect(nodes.map(({ record }) => record.outcome.kind)).toEqual(['root', 'played', 'failed']);
  });

  it('an action’s results tell its exit code and what it printed', async () => {
    const script: Script = ({ command, line }) => {
      command('action-set', 'done=yes');
      line('careful');
      return 3;
    };
    const nodes = await play(chain(['install', 'backup']), using(script).given);
    expect(last(nodes).state.juju.action?.results).toEqual({
      done: 'yes',
      'return-code': 3,
      stderr: 'careful\n',
    });
  });

  it('an action that fails leaves the unit to go on', async () => {
    const script: Script = ({ job }) => (job.path.startsWith('actions/') ? 1 : 0);
    const nodes = await play(chain(['install', 'backup', 'config-changed']), using(script).given);
    expect(nodes.map(({ record }) => record.outcome.kind)).toEqual([
      'root',
      'played',
      'failed',
      'played',
    ]);
  });

  it('what is not simulated is unmet by name, whatever the charm makes of the refusal', async () => {
    const script: Script = ({ command }) => {
      expect(command('iptables', '-L').code).toBe(1);
      return 0;
    };
    const { record } = last(await play(chain(['install']), using(script).given));
    expect([record.outcome.kind, record.unmet]).toEqual(['played', [{ what: 'iptables' }]]);
  });

  it('a sleep for ever is stuck, and says on what', async () => {
    const script: Script = ({ command }) => {
      expect(() => command('sleep', 'infinity')).toThrow('sleep infinity');
      return { end: { kind: 'stuck', on: 'sleep infinity' } };
    };
    const { record } = last(await play(chain(['install']), using(script).given));
    expect(record.outcome).toMatchObject({
      kind: 'timed-out',
      reason: 'waits for ever on sleep infinity',
    });
  });
});

describe('time', () => {
  it('moves when the charm waits, and only then', async () => {
    const nodes = await play(
      chain(['install', 'config-changed']),
      using(({ sleep, job }) => {
        if (job.path === 'hooks/install') sleep(90);
        return 0;
      }).given,
    );
    const [root, install, configured] = nodes.map(({ state }) => state.clock.now);
    expect([Number(install) - Number(root), Number(configured) - Number(install)]).toEqual([
      90_000, 0,
    ]);
  });
});

describe('deltas', () => {
  it('change the world before the event, and are told apart from what the event did', async () => {
    const script: Script = ({ command }) => {
      command('status-set', 'active', command('config-get', 'slug').out.trim());
      return 0;
    };
    const definition = chain(['install', { config: { slug: 'new' } }, 'config-changed']);
    const { record } = last(await play(definition, using(script).given));
    expect(record.deltas[0]?.changed.juju).toEqual([{ path: ['config', 'slug'], after: 'new' }]);
    expect(record.changed.juju?.map(({ path }) => path.join('.'))).not.toContain('config.slug');
  });

  it('bring relations with numbers of their own, and take them away', async () => {
    const related = {
      relations: { db: { app: 'postgresql', data: { a: 'b' }, units: { '0': { host: 'h' } } } },
    };
    const definition = chain([
      'install',
      'config-changed',
      'start',
      related,
      'db-relation-created',
      'db-relation-joined',
      'db-relation-changed',
      { relations: { db: null } },
      'config-changed',
    ]);
    const nodes = await play(definition, using(() => 0).given);
    expect(nodes[6]?.record.event).toMatchObject({
      relation: 1,
      unit: 'postgresql/0',
      phase: 'changed',
    });
    expect(Object.keys(nodes[6]?.state.juju.relations ?? {})).toEqual(['replicas:0', 'db:1']);
    expect(Object.keys(last(nodes).state.juju.relations)).toEqual(['replicas:0']);
  });
});

describe('the store', () => {
  it('keeps nothing that was played without a machine of the charm’s own', async () => {
    const first = using(() => 1);
    const stage = { ...(await first.given.stage()), makeshift: true as const };
    await play(chain(['install']), { ...first.given, stage: async () => stage });
    const second = using(() => 0, first.store);
    await play(chain(['install']), second.given);
    expect([first.jobs.length, second.jobs.length]).toEqual([1, 1]);
  });

  const steps = ['install', 'config-changed', 'start'];

  it('a second run dispatches nothing and gives the same records, byte for byte', async () => {
    const first = using(({ command }) => command('status-set', 'active').code);
    const before = await play(chain(steps), first.given);
    const second = using(() => 1, first.store);
    const after = await play(chain(steps), second.given);
    expect(second.jobs.length).toBe(0);
    expect(after.map(({ record }) => stableText(record))).toEqual(
      before.map(({ record }) => stableText(record)),
    );
  });

  it('another charm, engine or environment plays again', async () => {
    const first = using(() => 0);
    await play(chain(steps), first.given);
    for (const input of ['engine', 'charm', 'environment'] as const) {
      const next = using(() => 0, first.store);
      await play(chain(steps), {
        ...next.given,
        inputs: { ...next.given.inputs, [input]: 'other' },
      });
      expect(next.jobs.length, input).toBe(3);
    }
  });

  it('a delta in the middle plays again only what comes after it', async () => {
    const first = using(() => 0);
    await play(chain(steps), first.given);
    const next = using(() => 0, first.store);
    await play(
      chain(['install', 'config-changed', { config: { slug: 'x' } }, 'start']),
      next.given,
    );
    expect(next.jobs.map(({ path }) => path)).toEqual(['hooks/start']);
  });
});

describe('the machine', () => {
  it('that a charm is shown is its State’s, and stays from event to event', async () => {
    const { given, jobs } = using(() => 0);
    const nodes = await play(chain(['install', 'config-changed']), given);
    for (const [at, job] of jobs.entries()) {
      const { cpus, memoryMiB } = nodes[at]?.state.machine ?? {};
      expect(job.machine).toMatchObject({ hostname: 'web-0', cpus, memoryMiB });
    }
    expect(jobs[1]?.machine.cpus).toBeGreaterThan(0);
  });
});

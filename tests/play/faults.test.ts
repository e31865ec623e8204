/** What a tree lets go wrong in a dispatch, and what the unit is left with. */
import { describe, expect, it } from 'vitest';
import { chain, faulty, last, play, using } from './chain.ts';
import type { Script } from './scripted-stage.ts';

const opens: Script = ({ command }) => {
  command('status-set', 'active', 'hello');
  const { code } = command('open-port', '80');
  command('open-port', '81');
  return code;
};
const writesForTheApplication: Script = ({ command }) => {
  command('relation-set', '-r', 'replicas:0', '--app', 'key=value');
  command('status-set', 'active');
  return 0;
};
const ports = (state: { juju: { ports: object } }): string[] => Object.keys(state.juju.ports);

describe('a hook command that fails', () => {
  it('fails at the call that the tree names, in its words, and does nothing', async () => {
    const fault = {
      kind: 'command',
      command: 'open-port',
      nth: 1,
      code: 1,
      stderr: 'ERROR no',
    } as const;
    const { record } = last(await play(chain([faulty('install', fault)]), using(opens).given));
    const calls = record.entries.flatMap((entry) => (entry.kind === 'call' ? [entry] : []));
    expect(calls[1]).toMatchObject({ answer: { code: 1, err: 'ERROR no\n' }, effects: [] });
    expect(calls[2]?.answer.code).toBe(0);
    expect(record.outcome.kind).toBe('failed');
    expect(record.faults).toEqual([fault]);
  });

  it('counts calls of that command only', async () => {
    const fault = { kind: 'command', command: 'open-port', nth: 2, code: 1, stderr: '' } as const;
    const { state } = last(await play(chain([faulty('install', fault)]), using(opens).given));
    expect(ports(state)).toEqual(['80/tcp']);
  });
});

describe('a commit that is refused', () => {
  it('drops what was buffered, keeps what was immediate, and puts the unit in error', async () => {
    const fault = {
      kind: 'commit',
      message: 'cannot apply changes: state changing too quickly',
    } as const;
    const { record, state } = last(
      await play(chain([faulty('install', fault)]), using(opens).given),
    );
    expect(record.outcome).toMatchObject({
      kind: 'commit-failed',
      problems: [{ message: fault.message }],
    });
    expect([ports(state), state.juju.unitStatus.message]).toEqual([[], 'hello']);
    expect(state.juju.agentStatus).toEqual({ status: 'error', message: 'hook failed: "install"' });
  });

  it('refuses the application’s data when leadership is lost within the hook', async () => {
    const lost = { kind: 'leadership', command: 'status-set', nth: 1 } as const;
    const nodes = await play(
      chain(['install', faulty('replicas-relation-created', lost)]),
      using(writesForTheApplication).given,
    );
    const { record, state } = last(nodes);
    expect(record.outcome).toMatchObject({
      kind: 'commit-failed',
      problems: [
        { message: 'cannot apply changes: prerequisites failed: "web/0" is not leader of "web"' },
      ],
    });
    expect(state.juju.relations['replicas:0']?.localApp).toEqual({});
  });

  it('keeps the application’s data of a unit that leads to the end', async () => {
    const { state } = last(
      await play(
        chain(['install', 'replicas-relation-created']),
        using(writesForTheApplication).given,
      ),
    );
    expect(state.juju.relations['replicas:0']?.localApp).toEqual({ key: 'value' });
  });
});

describe('a machine that dies', () => {
  it('runs the hook again, with nothing of the first run but what was immediate', async () => {
    const dies = { kind: 'death', command: 'open-port', nth: 2 } as const;
    const { given, jobs } = using(opens);
    const { record, state } = last(await play(chain([faulty('install', dies)]), given));
    expect([record.outcome.kind, jobs.length]).toEqual(['played', 2]);
    const told = record.entries.flatMap((entry) =>
      entry.kind === 'call' && entry.request.kind === 'commands' ? [entry.request.argv[0]] : [],
    );
    expect(told).toEqual(['status-set', 'open-port', 'status-set', 'open-port', 'open-port']);
    expect(ports(state)).toEqual(['80/tcp', '81/tcp']);
    expect(record.entries).toContainEqual(
      expect.objectContaining({
        from: 'juju',
        message: 'the machine died at open-port: the hook is run again',
      }),
    );
  });
});

describe('after a hook has failed', () => {
  const failsOnce = (): Script => {
    let times = 0;
    return ({ job, command }) => {
      command('status-set', 'blocked', 'wait');
      if (job.path === 'hooks/config-changed') times += 1;
      return times === 1 && job.path === 'hooks/config-changed' ? 1 : 0;
    };
  };

  it('an action can run, and leaves the unit in error', async () => {
    const steps = ['install', 'config-changed', 'backup'];
    const { record, state } = last(await play(chain(steps), using(failsOnce()).given));
    expect(record.outcome.kind).toBe('played');
    expect(state.juju.agentStatus.status).toBe('error');
  });

  it('the same hook can run again, and ends the error', async () => {
    const steps = ['install', 'config-changed', 'config-changed'];
    const { record, state } = last(await play(chain(steps), using(failsOnce()).given));
    expect(record.outcome.kind).toBe('played');
    expect([state.juju.failed, state.juju.agentStatus.status]).toEqual([null, 'idle']);
  });

  it('another event of Pebble can come after one that failed', async () => {
    const { given } = using(({ job }) => (job.path === 'hooks/web-pebble-ready' ? 1 : 0));
    const containers = { web: { mounts: [] }, db: { mounts: [] } };
    const charm = { ...given.charm, containers, kubernetes: true };
    const up = { containers: { web: { canConnect: true }, db: { canConnect: true } } };
    const steps = [up, 'web-pebble-ready', 'db-pebble-ready', 'update-status'];
    const nodes = await play(chain(steps), { ...given, charm });
    expect(nodes.slice(1).map(({ record }) => record.outcome.kind)).toEqual([
      'failed',
      'played',
      'parent-failed',
    ]);
  });

  it('another hook has to wait for it', async () => {
    const steps = ['install', 'config-changed', 'start'];
    const nodes = await play(chain(steps), using(failsOnce()).given);
    const node = 'life/install/config-changed';
    expect(last(nodes).record.outcome).toEqual({ kind: 'parent-failed', node });
  });
});

describe('chance', () => {
  const seeds = async (state: object): Promise<readonly string[]> => {
    const { given, jobs } = using(() => 0);
    await play(chain(['install', 'config-changed', 'start'], state), given);
    return jobs.map(({ seed }) => seed);
  };

  it('follows the events that led to a node, so another State draws the same', async () => {
    expect(await seeds({ config: { slug: 'other' } })).toEqual(await seeds({}));
  });

  it('differs from event to event', async () => {
    const all = await seeds({});
    expect(new Set(all).size).toBe(all.length);
  });
});

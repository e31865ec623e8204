/** The host is sent for what a container really runs, wherever in an event that comes to be wanted. */
import { describe, expect, it } from 'vitest';
import type { Brought, Errand, RunErrand } from '../../src/engine/model/errand.ts';
import { evaluateTree } from '../../src/engine/play/evaluate-tree.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { using } from './chain.ts';
import { ON_KUBERNETES } from './laid.ts';
import { scriptedStage, type Script } from './scripted-stage.ts';

const ROOT = `{stage: started, containers: {app: {can-connect: true,
  layers: {l: {services: {web: {override: replace, command: "serve --port 80"}}}},
  services: {web: {run: real}}}}}`;

/** Plays update-status twice by a script, with a host that answers so. */
async function played(script: Script, brought: (run: RunErrand) => Partial<Brought>) {
  const runs: RunErrand[] = [];
  const brings = (errand: Errand): Brought => {
    if (errand.kind !== 'run') throw new Error('nothing is looked for');
    runs.push(errand);
    const silent = { stdout: new Uint8Array(), stderr: new Uint8Array(), changes: {} };
    return { kind: 'ran', ran: { code: 0 }, ...silent, ...brought(errand) } as Brought;
  };
  const text = `root: ${ROOT}\nsteps: [update-status, update-status]`;
  const tree = parseTree({ file: 't.yaml', text, name: 't' });
  const { given } = using(script);
  const { stage } = scriptedStage(script, brings);
  const nodes = await Array.fromAsync(
    evaluateTree(tree, { ...given, charm: ON_KUBERNETES, stage: async () => stage }),
  );
  return { runs, nodes: nodes.slice(1) };
}

const start: Script = ({ post }) => {
  post('app', '/v1/services', { action: 'start', services: ['web'] });
  return 0;
};
const going = (rest: boolean) => ({ going: { why: 'goes on for 5 s', rest, after: 5000 } });
const FILE = { kind: 'file', mode: 0o644, user: 'root', group: 'root', modified: 0 } as const;

describe('a service whose command is really run', () => {
  it('has written its files when the request that started it is answered', async () => {
    const changes = { pid: { ...FILE, digest: 'sha256:0', size: 1 } };
    const { runs, nodes } = await played(start, () => ({ ran: going(true), changes }));
    expect(runs).toMatchObject([{ container: 'app', argv: ['serve', '--port', '80'] }]);
    const { record, state } = nodes[0]!;
    expect(record.outcome).toEqual({ kind: 'played' });
    expect(record.unmet).toEqual([]);
    const effects = record.entries.flatMap((entry) =>
      entry.kind === 'call' ? entry.effects.map(({ path }) => path.join('/')) : [],
    );
    expect(effects).toContain('pebble/containers/app/root/entries/pid');
    expect(effects.join()).not.toContain('/life/');
    expect(state.pebble.containers['app']?.root.entries).toHaveProperty('pid');
  });

  it('stays what it was when the hook fails: Pebble does not wait for a commit', async () => {
    const script: Script = (asking) => (start(asking) as number) || 1;
    const { nodes } = await played(script, () => ({ ran: going(true) }));
    expect(nodes[0]?.record.outcome.kind).toBe('failed');
    expect(nodes[0]?.state.pebble.containers['app']?.services['web']?.current).toBe('active');
  });

  it('is named once where it is not simulated', async () => {
    const { nodes } = await played(start, () => ({ ran: going(false) }));
    const what = 'pebble service web with run: real, which goes on for 5 s';
    expect(nodes.map(({ record }) => record.unmet)).toEqual([[{ what }], []]);
  });

  it('is run again in the time that a later event lets pass', async () => {
    let event = 0;
    const script: Script = (asking) => {
      event += 1;
      if (event === 1) return start(asking);
      asking.sleep(2);
      return 0;
    };
    const { runs, nodes } = await played(script, () => ({
      ran: event === 1 ? { code: 1 } : going(true),
    }));
    expect(runs).toHaveLength(2);
    expect(runs[1]!.now - runs[0]!.now).toBe(500);
    expect(nodes[1]?.state.pebble.containers['app']?.services['web']?.life?.starts).toBe(2);
  });
});

/** A charm in its sandbox, with the engine behind it and one container: what it does there, one script an action. */
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { Limits } from '../../src/engine/model/dispatch.ts';
import { dispatchEvent, type Dispatched } from '../../src/engine/play/dispatch-event.ts';
import { rootState } from '../../src/engine/play/root-state.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM } from '../pebble/server.ts';
import { DISPATCH, jobFor, openRig, pythonWith } from './rig.ts';

const AT = { file: 'trees/app.yaml', line: 1, column: 1 };
const RUN = `#!/usr/bin/env python3
import json, os, sys, time
from ops import pebble
client = pebble.Client(socket_path='/charm/containers/web/pebble.socket')
def say(*values):
    print(json.dumps(values))
def caught(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as error:
        kept = ('exit_code', 'stdout', 'stderr', 'err', 'code')
        return {'error': type(error).__name__, 'message': str(error),
                **{name: getattr(error, name) for name in kept if hasattr(error, name)}}
name = os.path.basename(os.environ['JUJU_DISPATCH_PATH'])
exec(compile(open(f'scripts/{name}.py').read(), name, 'exec'))
`;

export type ContainerRig = AsyncDisposable & {
  /** Plays one script over the container as it was made, or over another state. */
  play(name: string, limits?: Partial<Limits>, from?: State): Promise<Dispatched>;
  readonly blobs: Blobs;
};

/** What was said, one value a line. */
export function saidIn({ entries }: Dispatched): readonly unknown[] {
  return entries.flatMap((entry) =>
    entry.kind === 'log' && entry.from === 'stdout' ? [JSON.parse(entry.message) as unknown] : [],
  );
}

export async function openContainerRig(
  scripts: Readonly<Record<string, string>>,
  made: (container: Container, blobs: Blobs) => Container,
  { blobs: kept }: { readonly blobs?: Blobs } = {},
): Promise<ContainerRig> {
  const files = Object.entries(scripts).map(([name, text]) => [`scripts/${name}.py`, text]);
  const rig = await openRig(
    {
      dispatch: DISPATCH,
      'src/charm.py': RUN,
      'metadata.yaml': 'name: app\n',
      ...Object.fromEntries(files),
    },
    { main: 'src/charm.py', python: pythonWith('ops==3.9.0') },
  );
  const charm = { ...CHARM, name: 'app' };
  const blobs = kept ?? rig.blobs;
  const root = { use: ['containers-ready'], state: {}, at: AT };
  const state = rootState(root, charm, { blobs, digest: sha256 });
  const [[name, container] = []] = Object.entries(state.pebble.containers);
  if (name === undefined || !container) throw new Error('the charm has no container');
  const before = { ...state, pebble: { containers: { [name]: made(container, blobs) } } };
  return {
    blobs,
    async play(script, limits = {}, from = before) {
      const using: Using = {
        charm,
        stage: async () => rig.stage,
        store: { get: () => null, put: () => undefined },
        blobs,
        digest: sha256,
        readDatabase: () => null,
        limits: { ...jobFor('').limits, ...limits },
        inputs: { engine: 'e', charm: 'c', environment: '', loader: '' },
        force: false,
      };
      const event = { kind: 'action', name: script, params: {} } as const;
      return dispatchEvent(rig.stage, from, { event, seed: '00ff', using });
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

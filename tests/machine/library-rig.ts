/** A machine charm in its sandbox with libraries from PyPI, the engine behind it: what the libraries do there. */
import type { Dispatched } from '../../src/engine/play/dispatch-event.ts';
import { dispatchEvent } from '../../src/engine/play/dispatch-event.ts';
import { rootState } from '../../src/engine/play/root-state.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import { MACHINE_COMMANDS } from '../../src/engine/world/machine/counterpart.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { DISPATCH, jobFor, openRig, pythonWith } from '../dispatch/rig.ts';
import { CHARM } from '../pebble/server.ts';

const AT = { file: 'trees/app.yaml', line: 1, column: 1 };
const HEAD = `#!/usr/bin/env python3
import json
def say(*values):
    print(json.dumps(values, default=str))
def caught(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as error:
        return {'error': type(error).__name__, 'message': str(error)}
`;

export type Played = {
  readonly played: Dispatched;
  /** What was said, in order. */
  readonly said: readonly unknown[];
  readonly machine: MachineSlice;
};

export async function playedWith(
  requirements: readonly string[],
  script: string,
  part: (put: (text: string) => { digest: string; size: number }) => Partial<MachineSlice>,
): Promise<Played> {
  await using rig = await openRig(
    { dispatch: DISPATCH, 'src/charm.py': HEAD + script, 'metadata.yaml': 'name: app\n' },
    {
      main: 'src/charm.py',
      python: pythonWith(...requirements),
      machineCommands: MACHINE_COMMANDS,
      containers: [],
    },
  );
  const { blobs } = rig;
  const charm = { ...CHARM, name: 'app', containers: {}, kubernetes: false };
  const root = { use: [], state: {}, at: AT };
  const state = rootState(root, charm, { blobs, digest: sha256 });
  const put = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return { digest: blobs.put(bytes), size: bytes.length };
  };
  const before = { ...state, machine: { ...state.machine, ...part(put) } };
  const using: Using = {
    charm,
    stage: async () => rig.stage,
    store: { get: () => null, put: () => undefined },
    blobs,
    digest: sha256,
    readDatabase: () => null,
    limits: jobFor('').limits,
    inputs: { engine: 'e', charm: 'c', environment: '', loader: '' },
    force: false,
  };
  const event = { kind: 'action', name: 'run', params: {} } as const;
  const played = await dispatchEvent(rig.stage, before, { event, seed: '00ff', using });
  const said = played.entries.flatMap((entry) =>
    entry.kind === 'log' && entry.from === 'stdout' && entry.message.startsWith('[')
      ? [JSON.parse(entry.message) as unknown]
      : [],
  );
  return { played, said, machine: played.after.machine };
}

/** What went wrong, for a test to show. */
export function errorsOf({ played }: Played): readonly string[] {
  return played.entries.flatMap((entry) =>
    entry.kind === 'log' && entry.from === 'stderr' ? [entry.message] : [],
  );
}

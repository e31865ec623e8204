/**
 * ops.testing as a player of transitions: the peer is staged like a charm and dispatched once for a handful of cases,
 * so that it is as isolated as any charm is. It asks nothing of the engine.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { openStage } from '../../src/engine/dispatch/open-stage.ts';
import type { Job, Stage } from '../../src/engine/model/dispatch.ts';
import { prepareCharm } from '../../src/engine/project/prepare-charm.ts';
import { findCharm, readCharmSource } from '../../src/engine/project/read-charm-fs.ts';
import { memoryBlobs } from '../dispatch/rig.ts';
import { CHARMS, type Answered, type Case, type CharmName } from './case.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Where environments are kept from run to run: the project's own work folder, as `npm run bench` does. */
export const WORK = fileURLToPath(new URL('../../.playbill', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../../src/scenario/playbill_scenario.py', import.meta.url));
const NOW = 1_700_000_000_000;
const CHARM_DIR = '/var/lib/juju/agents/unit-peer-0/charm';

/** The fixture charm as a folder of its own: what all share is copied into its lib. */
export function writeFixture(folder: string, name: CharmName): string {
  const target = join(folder, name);
  cpSync(join(HERE, 'charms', name), target, { recursive: true });
  cpSync(join(HERE, 'charms/lib'), join(target, 'lib'), { recursive: true });
  cpSync(join(HERE, 'charms/requirements.txt'), join(target, 'requirements.txt'));
  return target;
}

/** All fixtures lie in the peer's lib, where a stage imports them once for all cases. */
function writePeer(folder: string): string {
  const target = join(folder, 'peer');
  const lib = join(target, 'lib');
  cpSync(join(HERE, 'peer'), target, { recursive: true });
  cpSync(join(HERE, 'charms/lib'), lib, { recursive: true });
  cpSync(SCENARIO, join(lib, 'playbill_scenario.py'));
  for (const name of CHARMS) {
    const from = join(HERE, 'charms', name);
    cpSync(join(from, 'src/charm.py'), join(lib, `${name}_charm.py`));
    const declared = load(readFileSync(join(from, 'charmcraft.yaml'), 'utf8'));
    writeFileSync(join(lib, `${name}.json`), JSON.stringify(declared));
  }
  return target;
}

function jobFor(digest: string, size: number): Job {
  return {
    unit: 'peer/0',
    path: 'hooks/install',
    environment: { JUJU_CHARM_DIR: CHARM_DIR, LANG: 'C.UTF-8' },
    channels: [],
    charmDir: {
      'cases.json': {
        kind: 'file',
        mode: 0o644,
        user: 'root',
        group: 'root',
        modified: NOW,
        digest,
        size,
      },
    },
    folders: {},
    files: {},
    now: NOW,
    seed: '0'.repeat(64),
    machine: {
      hostname: 'peer',
      cpus: 1,
      memoryMiB: 4096,
      kernel: { release: '6.8.0-41-generic', version: '#41-Ubuntu SMP' },
    },
    limits: {
      seconds: 60,
      memory: 2 ** 31,
      processes: 64,
      output: 2 ** 20,
      calls: 10_000,
      files: 2 ** 26,
    },
  };
}

async function ask(stage: Stage, cases: readonly Case[]): Promise<readonly Answered[]> {
  const blobs = memoryBlobs();
  const lines: string[] = [];
  const bytes = Buffer.from(JSON.stringify(cases));
  const { end, charmDir } = await stage.dispatch(
    jobFor(blobs.put(bytes), bytes.length),
    {
      ask: () => ({ end: { kind: 'stuck', on: 'the peer asks nothing' } }),
      line: (_stream, text) => void lines.push(text),
      traced: () => undefined,
    },
    blobs,
  );
  const written = charmDir['answers.json'];
  if (end.kind !== 'exited' || end.code !== 0 || written?.kind !== 'file')
    throw new Error(`the peer ended with ${JSON.stringify(end)}:\n${lines.join('\n')}`);
  return JSON.parse(blobs.text(written.digest)) as readonly Answered[];
}

export type Peer = AsyncDisposable & { play(cases: readonly Case[]): Promise<readonly Answered[]> };

export async function openPeer(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'playbill-peer-'));
  const source = writePeer(folder);
  const charm = readCharm(readCharmSource(findCharm({ root: source })));
  const prepared = await prepareCharm({
    source,
    charm,
    workFolder: WORK,
    progress: (line) => console.error(line),
  });
  const stage = await openStage({
    prepared,
    unit: 'peer/0',
    workFolder: join(folder, 'stage'),
    sandbox: 'namespaces',
    machineCommands: [],
    containers: [],
  });
  return {
    play: (cases) => ask(stage, cases),
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The bench's events through the engine: sandbox on, fork server, every node dispatched. */
import { join } from 'node:path';
import { evaluateTree } from '../../src/engine/play/evaluate-tree.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { blobsOnDisk } from '../../src/engine/project/blobs-fs.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import { openDatabaseReader } from '../../src/engine/project/read-database.ts';
import { limitsOf } from '../limits.ts';
import { benchCharm, openBenchStage } from './charm.ts';
import { benchTree } from './events.ts';
import { measured, type Measured } from './measured.ts';

async function passes(using: Using, count: number): Promise<number> {
  const tree = benchTree();
  let dispatched = 0;
  for (let pass = 0; pass < count; pass += 1) {
    for await (const { record, source } of evaluateTree(tree, using)) {
      if (source !== 'dispatched') continue;
      if (record.outcome.kind !== 'played')
        throw new Error(`${record.id}: ${JSON.stringify(record.outcome)}`);
      dispatched += 1;
    }
  }
  return dispatched;
}

/** Milliseconds per event, after one pass that is not counted. */
export async function benchOurs(folder: string, count: number): Promise<Measured> {
  const { charm, prepared } = await benchCharm();
  await using stage = await openBenchStage(prepared, folder);
  const given: Using = {
    charm,
    stage: async () => stage,
    store: { get: () => null, put: () => undefined },
    blobs: blobsOnDisk(join(folder, 'work')),
    digest: sha256,
    readDatabase: await openDatabaseReader(),
    limits: limitsOf(undefined),
    inputs: {
      engine: '',
      charm: prepared.digest,
      environment: prepared.python?.lock ?? '',
      loader: '',
    },
    force: true,
  };
  await passes(given, 1);
  let events = 0;
  const { wallMs, cpuMs } = await measured(async () => {
    events = await passes(given, count);
  });
  return { wallMs: wallMs / events, cpuMs: cpuMs / events };
}

/** The bench's ops charms, prepared and staged: a board with a workload container, and one as small as they come. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { openStage } from '../../src/engine/dispatch/open-stage.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Stage } from '../../src/engine/model/dispatch.ts';
import type { PreparedCharm } from '../../src/engine/model/prepared.ts';
import { findCharm, readCharmSource } from '../../src/engine/project/read-charm-fs.ts';
import { prepareCharm } from '../../src/engine/project/prepare-charm.ts';
import { MACHINE_COMMANDS } from '../../src/engine/world/machine/counterpart.ts';

export type Which = 'board' | 'small';
/** The units that the charms are placed as. */
export const UNITS: Readonly<Record<Which, string>> = {
  board: 'notice-board/0',
  small: 'small/0',
};

function sourceOf(which: Which): string {
  return fileURLToPath(new URL(which, import.meta.url));
}

const WORK = fileURLToPath(new URL('../../.playbill', import.meta.url));

export type BenchCharm = { readonly charm: Charm; readonly prepared: PreparedCharm };

async function prepare(source: string): Promise<BenchCharm> {
  const charm = readCharm(readCharmSource(findCharm({ root: source })));
  const prepared = await prepareCharm({
    source,
    charm,
    workFolder: WORK,
    progress: (line) => console.error(line),
  });
  return { charm, prepared };
}

export function benchCharm(): Promise<BenchCharm> {
  return prepare(sourceOf('board'));
}

/** The same charm with ops.testing beside it and a dispatch that runs the peer. */
export function peerCharm(folder: string, which: Which): Promise<BenchCharm> {
  const source = join(folder, `peer-${which}`);
  cpSync(sourceOf(which), source, { recursive: true });
  const requirements = join(source, 'requirements.txt');
  writeFileSync(requirements, `${readFileSync(requirements, 'utf8')}\nops[testing]\n`);
  cpSync(fileURLToPath(new URL('peer.py', import.meta.url)), join(source, 'src/peer.py'));
  const dispatch = '#!/bin/sh\nexec python3 "$JUJU_CHARM_DIR/src/peer.py"\n';
  writeFileSync(join(source, 'dispatch'), dispatch, { mode: 0o755 });
  return prepare(source);
}

export function openBenchStage(
  prepared: PreparedCharm,
  folder: string,
  which: Which = 'board',
): Promise<Stage> {
  return openStage({
    prepared,
    unit: UNITS[which],
    workFolder: join(folder, 'stages'),
    sandbox: 'namespaces',
    machineCommands: MACHINE_COMMANDS,
    containers: which === 'board' ? ['board'] : [],
  });
}

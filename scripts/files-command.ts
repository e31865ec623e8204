/** `playbill files NODE`: the files that a node left behind, as a real folder to open, search and compare. */
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Mistake } from '../src/engine/model/mistake.ts';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { makeWhole } from '../src/engine/project/atomic-write.ts';
import { blobsOnDisk } from '../src/engine/project/blobs-fs.ts';
import { writeChanges, writeTree } from '../src/engine/project/write-tree.ts';
import { machineTree } from '../src/engine/world/machine/bases/base-tree.ts';
import type { State } from '../src/engine/world/state.ts';
import { atNode, type AtNode } from './node-state.ts';
import type { PlayOptions } from './play-session.ts';
import { printable } from './printable.ts';

export type FilesOptions = PlayOptions & { readonly out?: string };

function refuseFull(folder: string): void {
  if (!existsSync(folder)) return;
  if (lstatSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  throw new Mistake(`${folder} is there already`, {
    hint: 'Remove it, or name another folder with --out.',
  });
}

/** Whoever wants to try something in it may. */
function makeWritable(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    chmodSync(path, lstatSync(path).mode | 0o600);
    if (entry.isDirectory()) makeWritable(path);
  }
}

function writeCharm(folder: string, { evaluated, ready }: AtNode, blobs: Blobs): void {
  cpSync(ready.prepared.folder, folder, { recursive: true, verbatimSymlinks: true });
  makeWritable(folder);
  writeChanges(folder, evaluated.state.machine.charmDir, blobs);
}

function writeState(folder: string, { machine, pebble }: State, blobs: Blobs): void {
  for (const [location, changes] of Object.entries(machine.folders)) {
    writeChanges(join(folder, 'storage', location), changes, blobs);
  }
  if (machine.root) writeTree(join(folder, 'machine'), machineTree(machine, blobs), blobs);
  for (const [name, container] of Object.entries(pebble.containers)) {
    writeTree(join(folder, 'containers', name), container.root, blobs);
  }
}

/** The usual place is ours: what an earlier look left there is replaced. */
function placeFor({ evaluated, project }: AtNode, out: string | undefined): string {
  if (out !== undefined) return resolve(out);
  const usual = join(project.workFolder, 'files', evaluated.record.id.replaceAll('/', '.'));
  rmSync(usual, { recursive: true, force: true });
  return usual;
}

export async function filesCommand(id: string, options: FilesOptions): Promise<void> {
  if (options.out !== undefined) refuseFull(resolve(options.out));
  const folder = await atNode(id, { cwd: process.cwd(), options }, async (at) => {
    const blobs = blobsOnDisk(at.project.workFolder);
    const target = placeFor(at, options.out);
    if (existsSync(target)) rmdirSync(target);
    return await makeWhole(target, (part) => {
      writeCharm(join(part, 'charm'), at, blobs);
      writeState(part, at.evaluated.state, blobs);
    });
  });
  process.stdout.write(`${printable(folder)}\n`);
}

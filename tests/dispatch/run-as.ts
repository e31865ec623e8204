/**
 * Runs commands over a container's root, one after another, as whatever user it was started: argv[2] is
 * {folder, commands} as JSON, and what came of each is printed so.
 */
import { apply } from '../../src/engine/files/diff.ts';
import { emptyDir, fileOf, write } from '../../src/engine/files/edit.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import { RealPrograms } from '../../src/engine/dispatch/real-programs.ts';
import type { RunErrand } from '../../src/engine/model/errand.ts';
import { jobFor, memoryBlobs, NOW } from './rig.ts';

export type Runs = { readonly folder: string; readonly commands: readonly string[] };
export type Came = { readonly ran: unknown; readonly said: string; readonly changes: unknown };

const { folder, commands } = JSON.parse(process.argv[2] ?? '') as Runs;
const blobs = memoryBlobs();
const bytes = new TextEncoder().encode('kept\n');
const owner = { mode: 0o400, user: 'app', group: 'app' };
const kept = fileOf({ digest: blobs.put(bytes), size: bytes.length }, NOW, owner);
let root = write(emptyDir(NOW), '/kept', kept) as Dir;

const programs = new RealPrograms(folder);
const came: Came[] = [];
for (const command of commands) {
  const errand: RunErrand = {
    kind: 'run',
    container: 'web',
    id: 'exec 1',
    argv: ['sh', '-c', command],
    environment: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdin: { bytes: new Uint8Array(), ended: true },
    split: false,
    until: 'end',
    root,
    owner: { user: 'root', group: 'root' },
    now: NOW,
  };
  const { limits } = jobFor('');
  const brought = await programs.send(errand, { blobs, limits });
  if (brought.kind !== 'ran') throw new Error('nothing was looked for');
  const { ran, stdout, changes } = brought;
  root = apply(root, changes);
  came.push({ ran, said: Buffer.from(stdout).toString('utf8'), changes });
}
await programs.close();
console.log(JSON.stringify(came));

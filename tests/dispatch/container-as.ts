/**
 * Does one thing after another in a container's sandbox, as whatever user it was started: argv[2] is `Doing` as JSON,
 * and what came of each step is printed so.
 */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openContainerSandbox,
  type ContainerLimits,
  type ContainerSandbox,
} from '../../src/engine/dispatch/container-sandbox.ts';

export type Step =
  | { readonly run: string; readonly split?: true; readonly user?: number; readonly cwd?: string }
  /** Sends the signal when it has printed something. */
  | { readonly run: string; readonly signal: string; readonly to: 'group' | 'program' }
  | { readonly feed: string; readonly to: string }
  | { readonly files: true }
  | { readonly read: string }
  | { readonly write: string; readonly text: string };
export type Doing = {
  readonly folder: string;
  readonly layers: boolean;
  readonly limits?: ContainerLimits;
  readonly steps: readonly Step[];
};

const PATH = '/usr/local/bin:/usr/bin:/bin';
const NOW = 1_700_000_000_000;

async function ran(sandbox: ContainerSandbox, step: Extract<Step, { run: string }>) {
  const said = { stdout: '', stderr: '' };
  const { split, user, cwd } = { split: false, user: 0, cwd: '/', ...step };
  const program = sandbox.start(
    {
      argv: ['sh', '-c', step.run],
      env: { PATH },
      cwd,
      user,
      stdin: false,
      stderr: split ? 'split' : 'joined',
    },
    (bytes, stream) => {
      const first = said.stdout === '';
      said[stream] += Buffer.from(bytes).toString('utf8');
      if ('signal' in step && first) program.signal(step.signal, step.to);
    },
  );
  return { ...(await program.exited), ...said };
}

async function fed(sandbox: ContainerSandbox, { feed, to }: { feed: string; to: string }) {
  let stdout = '';
  const how = { argv: [to], env: { PATH }, cwd: '/', stdin: true, stderr: 'joined' } as const;
  const program = sandbox.start(how, (bytes) => void (stdout += Buffer.from(bytes).toString()));
  program.write(Buffer.from(feed));
  program.end();
  return { ...(await program.exited), stdout };
}

async function done(sandbox: ContainerSandbox, step: Step): Promise<unknown> {
  if ('run' in step) return await ran(sandbox, step);
  if ('feed' in step) return await fed(sandbox, step);
  if ('files' in step) return [...(await sandbox.files())];
  if ('read' in step) {
    const bytes = await sandbox.read(step.read);
    return bytes && Buffer.from(bytes).toString('utf8');
  }
  const file = { mode: 0o755, modified: NOW, bytes: Buffer.from(step.text) };
  return (await sandbox.write([[step.write, { kind: 'file', ...file }]])) ?? null;
}

const { folder, steps, ...options } = JSON.parse(process.argv[2] ?? '') as Doing;
const base = mkdtempSync(join(folder, 'container-'));
const [root, workFolder, mounted] = ['root', 'work', 'mounted'].map((name) => join(base, name));
for (const path of [root!, workFolder!, mounted!]) mkdirSync(path);
writeFileSync(join(root!, 'kept'), 'kept\n');
const place = { root: root!, workFolder: workFolder!, mounts: { '/data': mounted! } };
const sandbox = await openContainerSandbox({ ...place, ...options });
const came: unknown[] = [];
for (const step of steps) came.push(await done(sandbox, step));
await sandbox.close();
const left = { work: readdirSync(workFolder!), mounted: readdirSync(mounted!) };
console.log(JSON.stringify({ came, left, root: readdirSync(root!), rungs: sandbox.rungs }));

/** A sample site, built once for a test file, and a browser to read it with. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sampleRecords } from './sample-records.ts';
import type { Sample } from './sample-store.ts';
import { writeSample } from './sample-store.ts';

export type BuiltSite = AsyncDisposable & {
  readonly sample: Sample;
  readonly folder: string;
  readonly project: string;
  readonly out: string;
  /** Paths of all pages, relative to the site, sorted. */
  pages(): Promise<readonly string[]>;
  /** Builds once more, elsewhere; `environment` is added to the process's own. */
  again(out: string, environment?: Readonly<Record<string, string>>): Promise<void>;
};
const SCRIPT = fileURLToPath(new URL('build-sample.ts', import.meta.url));

export async function builtSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'playbill-site-'));
  const [project, records, out] = ['project', 'records', 'out'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const sample = sampleRecords();
  await writeSample(sample, records);
  await mkdir(join(project, '.playbill'), { recursive: true });
  await mkdir(join(project, 'trees'));
  await writeFile(join(project, '.playbill/played.json'), '["pennant-life/install"]');
  await writeFile(
    join(project, 'trees/README.md'),
    '## Why\n\n<script>window.pwned=1</script>[x](javascript:pwned)',
  );
  const again: BuiltSite['again'] = async (to, environment = {}) => {
    const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', ...environment };
    await promisify(execFile)(process.execPath, [SCRIPT, project, records, to], { env });
  };
  await again(out);
  return {
    sample,
    folder,
    project,
    out,
    again,
    pages: async () => (await filesIn(out)).filter((file) => file.endsWith('.html')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Files below a folder, relative to it, sorted. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

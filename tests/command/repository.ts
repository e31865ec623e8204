/** A charm's repository in a temporary folder, and the command run in it as a user would. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const HERE = import.meta.dirname;
export const DEMO = resolve(HERE, '../../src/content');
const PROGRAM = resolve(HERE, '../../bin/playbill.js');

export type Run = { readonly code: number; readonly out: string; readonly err: string };
export type Repository = Disposable & {
  readonly folder: string;
  write(path: string, text: string, mode?: number): void;
  read(path: string): string;
  /** Every file below a folder with its contents, sorted by path. */
  files(folder: string): Readonly<Record<string, string>>;
  run(...argv: readonly string[]): Promise<Run>;
};

function filesBelow(folder: string): Readonly<Record<string, string>> {
  const found = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    found.map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

/** Made of nothing, or of one of the demo's charms with its trees beside it. Removed when it is disposed of. */
export function makeRepository(demo?: { charm: string; trees: readonly string[] }): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'playbill-test-'));
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode });
  };
  if (demo) cpSync(join(DEMO, 'charms', demo.charm), folder, { recursive: true });
  for (const tree of demo?.trees ?? []) {
    const text = readFileSync(join(DEMO, 'trees', tree), 'utf8');
    write(`trees/${tree}`, text.replace(/^charm: .*\n/m, ''));
  }
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    files: (below) => filesBelow(join(folder, below)),
    run: (...argv) =>
      new Promise((done) => {
        const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
        execFile(process.execPath, [PROGRAM, ...argv], options, (error, out, err) => {
          done({ code: error ? Number(error.code ?? 1) : 0, out, err });
        });
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

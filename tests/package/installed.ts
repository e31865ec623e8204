/**
 * The package as a user has it: packed from this checkout, installed from the registry's cache into a folder of its own.
 * Takes some 15 s, of which npm's resolving of some 400 packages is most; their install scripts are not run.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

export type Installed = Disposable & {
  /** The folder that was installed into. */
  readonly folder: string;
  /** The package itself, below it. */
  readonly package: string;
  readonly program: string;
  /** Path, size and time of change of everything below `folder`. */
  files(): readonly string[];
};

/** Without what the npm or the vitest around us says: a user's shell has none of it. */
export function plainEnvironment(): Record<string, string | undefined> {
  const ours =
    /^(npm_(?!config_(?:registry|cache|.*proxy|cafile)$)|VITE|NODE_ENV$|INIT_CWD$|TEST$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

async function npm(cwd: string, ...argv: readonly string[]): Promise<void> {
  await promisify(execFile)('npm', argv, { cwd, env: plainEnvironment() });
}

function listed(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const { size, mtimeMs } = lstatSync(file);
      return `${relative(folder, file)} ${size} ${mtimeMs}`;
    });
}

export async function installPackage(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'playbill-package-'));
  await npm(CHECKOUT, 'pack', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const home = join(folder, 'installed');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  await npm(home, ...INSTALL, join(folder, tarball));
  const program = join(home, 'node_modules/.bin/playbill');
  if (!existsSync(program)) throw new Error('the package brought no playbill command');
  return {
    folder: home,
    package: join(home, 'node_modules/playbill'),
    program,
    files: () => listed(home),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

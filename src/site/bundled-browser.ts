/**
 * The browser that comes from npm, @sparticuz/chromium, unpacked once per user and version. The package unpacks into
 * the temporary folder under names that anyone may have taken; here it does so in a folder of ours, and whole.
 * Source: @sparticuz/chromium 147 build/esm/index.js and helper.js (TMPDIR, AWS_EXECUTION_ENV, FONTCONFIG_PATH).
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

export type BundledBrowser = {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** Where its own copies of system libraries and fonts are. */
  readonly env: Readonly<Record<string, string>>;
};
/** Meant for functions in a cloud: in one process, closing a page ends the browser. */
const UNWANTED = ['--single-process', '--disable-web-security', '--allow-running-insecure-content'];
/** What makes the package unpack system libraries too. */
const PRETENDED = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
const TOUCHED = ['AWS_EXECUTION_ENV', 'TMPDIR', 'FONTCONFIG_PATH', 'LD_LIBRARY_PATH', 'HOME'];

/** The folder of the npm package. */
export function bundleFolder(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  return dirname(dirname(dirname(main)));
}

/** Unpacks it when it is not there yet: about two seconds and 200 MB. */
export async function bundledBrowser(): Promise<BundledBrowser> {
  const home = await ownFolder();
  const { version } = JSON.parse(await readFile(join(bundleFolder(), 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(home, `chromium-${version}`);
  const args = await inFolder(home, async (bundle, staging) => {
    if (!existsSync(folder)) await unpack(bundle, staging, folder);
    return bundle.args.filter((arg) => !UNWANTED.includes(arg));
  });
  const env = {
    LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env['LD_LIBRARY_PATH']]
      .filter(Boolean)
      .join(':'),
    ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
  };
  return { executablePath: join(folder, 'chromium'), args, env };
}

/** In the temporary folder, and nobody else's: a program is run from it. */
async function ownFolder(): Promise<string> {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `playbill-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await stat(folder);
  if (uid >= 0 && (found.uid !== uid || (found.mode & 0o022) !== 0)) {
    throw new Error(`${folder} can be written by others; no browser is run from there`);
  }
  return folder;
}

type Bundle = (typeof import('@sparticuz/chromium'))['default'];

/** Runs the package with a temporary folder of its own, and leaves the environment as it was. */
async function inFolder<Value>(
  home: string,
  use: (bundle: Bundle, staging: string) => Promise<Value>,
): Promise<Value> {
  const staging = await mkdtemp(join(home, 'unpack-'));
  const before = TOUCHED.map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, PRETENDED, { TMPDIR: staging });
  try {
    const { default: bundle } = await import('@sparticuz/chromium');
    return await use(bundle, staging);
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await rm(staging, { recursive: true, force: true });
  }
}

/** Whoever is first to finish puts the folder in its place; the others use that one. */
async function unpack(bundle: Bundle, staging: string, folder: string): Promise<void> {
  await bundle.executablePath();
  const fonts = `<fontconfig><dir>${join(folder, 'fonts')}</dir></fontconfig>`;
  await mkdir(join(staging, 'fonts'), { recursive: true });
  await writeFile(join(staging, 'fonts/fonts.conf'), `<?xml version="1.0"?>\n${fonts}\n`);
  await rename(staging, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error;
  });
}

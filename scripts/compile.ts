/**
 * `npm run compile`: the published package's dist/, the checkout's layout with JavaScript in it. TypeScript is turned
 * into JavaScript file by file (`npm run types` checks it); Astro compiles pages itself, so they are copied with their
 * imports renamed; everything else of src/ is read or run as it is and copied, modes and all.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const PROGRAM = 'scripts/playbill.ts';
/** The demo is this repository's own. */
const LEFT_OUT = /^src\/content\/|(^|\/)__pycache__\/|\.d\.ts$/;
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

function relativeImports(path: string, text: string): readonly string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => posix.join(posix.dirname(path), fileName));
}

/** The files of scripts/ that a program imports, itself first: what else is in there is for this repository. */
function reached(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path) || !path.startsWith('scripts/')) return seen;
  seen.add(path);
  for (const imported of relativeImports(path, readFileSync(join(ROOT, path), 'utf8'))) {
    reached(imported, seen);
  }
  return seen;
}

function compiled(path: string, text: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions: OPTIONS,
    fileName: path,
    reportDiagnostics: true,
  });
  const [wrong] = diagnostics;
  if (wrong)
    throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
  return outputText;
}

/** A page whose fenced code imports `./x.js` where it said `./x.ts`. */
function renamed(text: string): string {
  const [fenced = ''] = /^---\n[\s\S]*?\n---\n/.exec(text) ?? [];
  const code = fenced.replace(
    /(\bfrom\s+|\bimport\s+|\bimport\()(['"]\.[^'"\n]*)\.ts(?=['"])/g,
    '$1$2.js',
  );
  return code + text.slice(fenced.length);
}

function emit(path: string): void {
  const from = join(ROOT, path);
  const to = join(DIST, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(to), { recursive: true });
  if (path.endsWith('.ts')) writeFileSync(to, compiled(path, readFileSync(from, 'utf8')));
  else if (path.endsWith('.astro')) writeFileSync(to, renamed(readFileSync(from, 'utf8')));
  else copyFileSync(from, to);
}

rmSync(DIST, { recursive: true, force: true });
const files = [...reached(PROGRAM), ...filesBelow('src')];
for (const path of files) emit(path);
console.error(`${files.length} files compiled into dist/`);

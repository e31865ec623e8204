/** The project's own source files, with what each imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(import.meta.dirname, '../..');

export type SourceFile = {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Relative imports resolved to project paths, others as written. */
  readonly imports: readonly string[];
};

/** The code between an Astro page's fences; the whole file elsewhere. */
function code(path: string, text: string): string {
  if (!path.endsWith('.astro')) return text;
  return /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
}

function importsOf(path: string, text: string): readonly string[] {
  const found = ts.preProcessFile(code(path, text), true, true).importedFiles;
  return found.map(({ fileName }) =>
    fileName.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(path), fileName))
      : fileName,
  );
}

/** Every file below `folders` with one of the endings, sorted. */
export function sourceFiles(
  folders: readonly string[],
  endings: readonly string[],
): readonly SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules') && !path.startsWith('src/content/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, lines: text.split('\n'), imports: importsOf(path, text) };
    });
}

/** Name and length in lines of every function in a TypeScript file. */
export function functionLengths(file: SourceFile): readonly { name: string; lines: number }[] {
  const source = ts.createSourceFile(
    file.path,
    code(file.path, file.text),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = source.getLineAndCharacterOfPosition(node.end).line;
      found.push({ name: node.name?.getText() ?? '(anonymous)', lines: to - from + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

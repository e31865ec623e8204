/** What keeps the project simple, checked: directions of imports, sizes, words, and where the host may be touched. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionLengths, ROOT, sourceFiles, type SourceFile } from './source-files.ts';

const FILES = sourceFiles(['src', 'scripts'], ['.ts', '.astro']);

/** Rooms, longest first, and the rooms each may import. A room may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/engine/model': ['src/engine/files'],
  'src/engine/files': ['src/engine/model'],
  'src/engine/world/clock': ['src/engine/model', 'src/engine/files'],
  'src/engine/world/juju': ['src/engine/model', 'src/engine/files'],
  'src/engine/world/machine': ['src/engine/model', 'src/engine/files'],
  'src/engine/world/pebble': ['src/engine/model', 'src/engine/files', 'src/engine/tree'],
  'src/engine/world': [
    'src/engine/model',
    'src/engine/files',
    'src/engine/world/clock',
    'src/engine/world/juju',
    'src/engine/world/machine',
    'src/engine/world/pebble',
  ],
  'src/engine/charm': ['src/engine/model'],
  'src/engine/tree': ['src/engine/model', 'src/engine/charm'],
  'src/engine/record': ['src/engine/model', 'src/engine/files', 'src/engine/world'],
  'src/engine/transition': [
    'src/engine/model',
    'src/engine/files',
    'src/engine/world',
    'src/engine/charm',
  ],
  'src/engine/play': [
    'src/engine/model',
    'src/engine/files',
    'src/engine/world',
    'src/engine/charm',
    'src/engine/tree',
    'src/engine/record',
  ],
  'src/engine/dispatch': ['src/engine/model', 'src/engine/files'],
  'src/engine/project': [
    'src/engine/model',
    'src/engine/files',
    'src/engine/charm',
    'src/engine/tree',
    'src/engine/record',
    'src/engine/world',
  ],
  'src/chart': ['src/engine/record', 'src/engine/model'],
  'src/view': [
    'src/engine/record',
    'src/engine/model',
    'src/engine/files',
    'src/engine/world',
    'src/chart',
  ],
  'src/site': [
    'src/view',
    'src/chart',
    'src/engine/record',
    'src/engine/model',
    'src/engine/world',
  ],
  'src/components': ['src/view', 'src/chart', 'src/site', 'src/engine/record', 'src/engine/model'],
  'src/layouts': ['src/view', 'src/components', 'src/site', 'src/styles'],
  'src/pages': [
    'src/view',
    'src/chart',
    'src/site',
    'src/components',
    'src/layouts',
    'src/engine/record',
    'src/engine/model',
  ],
  scripts: ['src'],
};
/** Rooms that may touch the host: its files, processes, clock, environment and chance. */
const HOST = ['src/engine/dispatch', 'src/engine/project', 'src/site', 'src/pages', 'scripts'];

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .sort((a, b) => b.length - a.length)
    .find((room) => path.startsWith(`${room}/`));
}

function mayImport(from: string, to: string): boolean {
  const target = roomOf(to);
  if (target === undefined || target === from) return true;
  return (ROOMS[from] ?? []).some(
    (allowed) => target === allowed || target.startsWith(`${allowed}/`),
  );
}

function touches(file: SourceFile): boolean {
  return HOST.some((room) => file.path.startsWith(`${room}/`));
}

describe('the rooms', () => {
  it('are all visited: a checker that sees few files proves nothing', () => {
    expect(FILES.length).toBeGreaterThan(90);
    const seen = new Set(FILES.map((file) => roomOf(file.path)));
    for (const room of Object.keys(ROOMS)) {
      if (existsSync(join(ROOT, room))) expect(seen, room).toContain(room);
    }
  });

  it('import downwards only', () => {
    const wrong = FILES.flatMap((file) => {
      const room = roomOf(file.path);
      if (room === undefined) return [];
      return file.imports
        .filter((target) => target.startsWith('src/') || target.startsWith('scripts/'))
        .filter((target) => !mayImport(room, target))
        .map((target) => `${file.path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('import files that exist', () => {
    const missing = FILES.flatMap((file) =>
      file.imports
        .filter(
          (target) =>
            /^(src|scripts)\//.test(target) && !existsSync(join(ROOT, target.split('?')[0] ?? '')),
        )
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('touch the host in dispatch, project, site, pages and scripts only', () => {
    const banned =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.[a-z]|\bperformance\.[a-z]/;
    const isComment = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line);
    const wrong = FILES.filter((file) => !touches(file)).flatMap((file) => [
      ...file.imports
        .filter((target) => target.startsWith('node:'))
        .map((target) => `${file.path}: ${target}`),
      ...file.lines
        .filter((line) => banned.test(line) && !isComment(line))
        .map((line) => `${file.path}: ${line.trim()}`),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('say first what they are about', () => {
    const wrong = FILES.filter(({ path, text }) => {
      const first = path.endsWith('.astro') ? text.split('\n').slice(0, 16).join('\n') : text;
      const header = /(^|\n)(\/\*\*|\/\/|<!--)/;
      return path.endsWith('.astro') ? !header.test(first) : !/^(#!.*\n)?(\/\*\*|\/\/)/.test(first);
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('are at most 400 lines of at most 120 characters', () => {
    const long = FILES.filter(({ lines }) => lines.length > 400).map(({ path }) => path);
    const wide = FILES.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (line.length > 120 ? [`${path}:${at + 1}`] : [])),
    );
    expect({ long, wide }).toEqual({ long: [], wide: [] });
  });

  it('have functions of at most 70 lines', () => {
    const long = FILES.flatMap((file) =>
      functionLengths(file)
        .filter(({ lines }) => lines > 70)
        .map(({ name, lines }) => `${file.path} ${name}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  it('have no default exports, no barrels and nothing named utils', () => {
    const wrong = FILES.filter(
      ({ path, text }) =>
        (path.endsWith('.ts') && /^export default /m.test(text)) ||
        /\/(index|utils?|helpers?)\.ts$/.test(path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('are named in kebab case, components in Pascal case', () => {
    const wrong = FILES.map(({ path }) => path.split('/').at(-1) ?? '').filter(
      (name) =>
        !/^[a-z0-9.[\]-]+\.(d\.)?(ts|astro)$/.test(name) && !/^[A-Z][A-Za-z]+\.astro$/.test(name),
    );
    expect(wrong).toEqual([]);
  });
});

describe('words', () => {
  it('are British, throughout', () => {
    const american =
      /\b(color(?!:|-|\b\s*[:(=])|behavior|canonicalize|initializ|recogniz|serializ|normaliz|favorite|labeled|catalog)\b/i;
    const prose = sourceFiles(['src', 'scripts', 'tests'], ['.ts', '.md']).filter(
      ({ path }) => !path.startsWith('tests/tidy/'),
    );
    const wrong = prose.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) =>
        /^\s*(\/\/|\*|\/\*\*)/.test(line) && american.test(line)
          ? [`${path}:${at + 1} ${line.trim()}`]
          : [],
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('name no path of one machine and no unfinished test', () => {
    const files = sourceFiles(
      ['src', 'scripts', 'tests'],
      ['.ts', '.astro', '.py', '.md', '.yaml'],
    );
    const banned = new RegExp(
      ['/ho' + 'me/', '/ro' + 'ot/\\.', '\\.on' + 'ly\\(', 'TO' + 'DO'].join('|'),
    );
    const wrong = files.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (banned.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});

/**
 * Where packages come from: the lines of sources.list and the stanzas of .sources files.
 * Source: sources.list(5).
 */
import { ownSources } from './apt-select.ts';
import { textOf, type Files } from './program.ts';
import type { MachineSlice } from './slice.ts';

export const SOURCE_PATHS: readonly string[] = [
  '/etc/apt/sources.list',
  '/etc/apt/sources.list.d/*',
];

/** An address and a suite: `http://archive.ubuntu.com/ubuntu jammy`. */
export type Source = string;

function ofLine(line: string): readonly Source[] {
  const text = line.replace(/#.*/, '').trim();
  const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(text);
  return match ? [`${match[1]?.replace(/\/$/, '')} ${match[2]}`] : [];
}

function ofStanza(stanza: string): readonly Source[] {
  const field = (name: string): string[] => {
    const found = new RegExp(`^${name}:\\s*(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1] ?? '';
    return found.split(/\s+/).filter(Boolean);
  };
  if (/^(?:no|false|without|off|disable)$/i.test(field('Enabled')[0] ?? '')) return [];
  if (!field('Types').includes('deb')) return [];
  return field('URIs').flatMap((address) =>
    field('Suites').map((suite) => `${address.replace(/\/$/, '')} ${suite}`),
  );
}

export function sourcesIn(path: string, text: string): readonly Source[] {
  if (path.endsWith('.list')) return text.split('\n').flatMap(ofLine);
  if (!path.endsWith('.sources')) return [];
  const plain = text.replace(/^#.*\n?/gm, '');
  return plain.split(/\n\s*\n/).flatMap(ofStanza);
}

/** All sources there are; the base's own where no file says anything. */
export function sourcesOf(slice: MachineSlice, files: Files): readonly Source[] {
  const paths = Object.keys(files).filter((path) => path.startsWith('/etc/apt/sources.list'));
  if (paths.length === 0) return ownSources(slice);
  const all = paths.sort().flatMap((path) => sourcesIn(path, textOf(files, path) ?? ''));
  return [...new Set(all)];
}

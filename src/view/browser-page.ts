/** A page about all files of one root at a node, with what became of each against every node of the trace. */
import { plainText } from '../chart/plain-text.ts';
import type { Shape } from '../chart/shape.ts';
import { pathTo } from '../chart/shape.ts';
import type { IndexNode } from '../engine/record/format.ts';
import type { RootFiles } from './file-atlas.ts';
import type { Mark } from './file-history.ts';
import type { FileLine, FolderLine, Line } from './file-lines.ts';
import type { FileRoot } from './file-roots.ts';
import type { FileMark } from './file-tree.ts';
import { linkFrom, pagePath } from './links.ts';
import type { NodeLink } from './node-page.ts';
import { nested } from './nested.ts';
import type { Nested } from './nested.ts';
import { countedFiles, grouped } from './values.ts';

/** A node to compare with. `said`: what became of all files since. */
export type Comparison = {
  readonly key: number;
  readonly text: string;
  readonly href: string | null;
  readonly said: string;
  readonly chosen: boolean;
};
export type BrowserNode = {
  readonly name: string;
  readonly marks: readonly Mark[];
  readonly file: FileLine | null;
  readonly folded: FolderLine | null;
  /** Against which nodes something in the folder has a mark. */
  readonly inside: readonly number[];
  /** Nothing is there any more, nor in it. */
  readonly gone: boolean;
  readonly below: readonly BrowserNode[];
};
export type BrowserPage = {
  readonly path: string;
  readonly title: string;
  readonly heading: string;
  readonly node: NodeLink;
  /** From the root of the tree to the node. */
  readonly trail: readonly NodeLink[];
  readonly comparisons: readonly Comparison[];
  readonly files: string;
  readonly nodes: readonly BrowserNode[];
  readonly parts: readonly NodeLink[];
};

/** What a root is called in a sentence: `container board`. */
export function rootWords({ kind, name }: FileRoot): string {
  return plainText(name === '' ? `the ${kind}` : `${kind} ${name}`);
}

/** The part of a node's page that is about it. */
const SECTIONS: Readonly<Record<FileRoot['kind'], string>> = {
  container: 'containers',
  storage: 'storage',
  machine: 'machine',
  'charm directory': 'directory',
};

export type BrowserInput = {
  readonly shape: Shape;
  readonly id: string;
  readonly files: RootFiles;
  /** Counted from 1. */
  readonly part: number;
};

export function browserPage({ shape, id, files, part }: BrowserInput): BrowserPage {
  const { root, parts } = files;
  const path = pagePath.files(id, root.key, part);
  const trail = pathTo(shape, id);
  const link = (node: IndexNode): NodeLink => ({
    text: node.edge,
    href: linkFrom(path, pagePath.node(node.id)),
  });
  const here = trail.at(-1) as IndexNode;
  const present = parts.flat().filter((line) => !isGone(line));
  const count = present.reduce((sum, line) => sum + filesOf(line), 0);
  return {
    path,
    title: `Files of ${rootWords(root)} · ${here.edge}`,
    heading: `Files of ${rootWords(root)}`,
    node: { ...link(here), href: `${link(here).href}#${SECTIONS[root.kind]}` },
    trail: trail.map(link),
    comparisons: comparisons(files, trail, path),
    files: countedFiles(count),
    nodes: nested(parts[part - 1] ?? []).map((one) => browserNode(one, files)),
    parts: parts.length === 1 ? [] : partLinks(files, id, part),
  };
}

function partLinks({ root, parts }: RootFiles, id: string, part: number): readonly NodeLink[] {
  const path = pagePath.files(id, root.key, part);
  return parts.map((lines, at) => ({
    text: `${at + 1}: /${plainText(lines[0]?.path ?? '')}`,
    href: linkFrom(path, pagePath.files(id, root.key, at + 1)),
    ...(at + 1 === part ? { here: true } : {}),
  }));
}

/** The nearest node first. What the tree of events changed before the event is told apart from what the event did. */
function comparisons(
  files: RootFiles,
  trail: readonly IndexNode[],
  path: string,
): readonly Comparison[] {
  const lines = files.parts.flat();
  const last = trail.length - 1;
  const words = (key: number, node: IndexNode): string => {
    if (key === last) return 'what the event found';
    if (key === last - 1) return `the parent node, ${node.edge}`;
    return key === 0 ? `the root, ${node.edge}` : node.edge;
  };
  return trail
    .map((node, key): Comparison => {
      const text = plainText(words(key, node));
      const href = key === last ? null : linkFrom(path, pagePath.node(node.id));
      const said = sinceWords(lines, key, text);
      return { key, text, href, said, chosen: key === last - 1 };
    })
    .filter(({ key }) => key < last || (files.met && last > 0))
    .reverse();
}

function sinceWords(lines: readonly Line[], key: number, text: string): string {
  const count = (mark: FileMark): number =>
    lines
      .filter(({ marks }) => marks.some((one) => one.mark === mark && one.against.includes(key)))
      .reduce((sum, line) => sum + filesOf(line), 0);
  const found = (['added', 'changed', 'removed'] as const)
    .map((mark) => [count(mark), mark] as const)
    .filter(([files]) => files > 0)
    .map(([files, mark]) => `${grouped(files)} ${mark}`);
  return found.length > 0
    ? `${found.join(', ')} since ${text}.`
    : `All files are as they were at ${text}.`;
}

function browserNode({ name, path, item, below }: Nested<Line>, files: RootFiles): BrowserNode {
  const inside = below.map((one) => browserNode(one, files));
  const marks = item?.marks ?? files.folders.get(path) ?? [];
  return {
    name: plainText(name),
    marks,
    file: item?.kind === 'file' ? item : null,
    folded: item?.kind === 'folder' ? item : null,
    inside: union(inside.flatMap((one) => [one.inside, ...one.marks.map((mark) => mark.against)])),
    gone: item ? isGone(item) : inside.every((one) => one.gone),
    below: inside,
  };
}

function union(all: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(all.flat())].sort((a, b) => a - b);
}

function isGone(line: Line): boolean {
  return line.marks.some(({ mark }) => mark === 'removed');
}

function filesOf(line: Line): number {
  return line.kind === 'folder' ? line.files : 1;
}

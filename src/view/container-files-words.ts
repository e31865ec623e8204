/** What is said in a sentence of a container's files. */
import type { ContainerFiles, ImageFiles } from './container-files.ts';
import type { FileMark, FileNode } from './file-tree.ts';
import { counted, grouped } from './values.ts';

/** `1 added, 2 changed since the parent node.`; empty for a root, which has none. */
export function markWords({ compared, marks }: ContainerFiles): string {
  if (!compared) return '';
  const said = countedMarks(marks);
  return said ? `${said} since the parent node.` : 'As they were at the parent node.';
}

/** `3 files, 1 added`. */
export function folderWords({ files, marks }: FileNode): string {
  return [files > 0 ? counted(files, 'file') : '', countedMarks(marks)].filter(Boolean).join(', ');
}

function countedMarks(marks: readonly FileMark[]): string {
  return (['added', 'changed', 'removed'] as const)
    .map((one) => [marks.filter((mark) => mark === one).length, one] as const)
    .filter(([count]) => count > 0)
    .map(([count, one]) => `${count} ${one}`)
    .join(', ');
}

/** `2,000 files of the image, unchanged`. */
export function imageWords(image: ImageFiles): string {
  const all = `${grouped(image.files)} ${image.files === 1 ? 'file' : 'files'}`;
  const whose = image.replaced ? 'another image than before' : 'the image';
  const size = `(${grouped(image.size)} ${image.size === 1 ? 'byte' : 'bytes'})`;
  return image.unchanged === image.files
    ? `${all} of ${whose} ${size}, unchanged`
    : `${grouped(image.unchanged)} of ${all} of ${whose} ${size}, unchanged`;
}

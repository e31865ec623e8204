/**
 * The font that charts are measured with: Open Sans, as @sparticuz/chromium carries it in fonts.tar.br. The same bytes
 * wherever the site is built, so that boxes have the same size whatever fonts the machine has.
 * Source: POSIX ustar headers (name at 0, size in octal at 124, contents from the next 512).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { bundleFolder } from './bundled-browser.ts';

export const CHART_FONT = 'Playbill Chart';
const BLOCK = 512;

/** A style sheet that defines CHART_FONT with its bytes in it, 400 and 700. */
export async function chartFontCss(): Promise<string> {
  const archive = await readFile(join(bundleFolder(), 'bin', 'fonts.tar.br'));
  const files = untar(brotliDecompressSync(archive));
  return `${face(files, 'Regular', 400)}${face(files, 'Bold', 700)}`;
}

function face(files: ReadonlyMap<string, Buffer>, name: string, weight: number): string {
  const bytes = [...files].find(([path]) => path.endsWith(`OpenSans-${name}.ttf`))?.[1];
  if (!bytes) throw new Error(`@sparticuz/chromium has no OpenSans-${name}.ttf`);
  const source = `url(data:font/ttf;base64,${bytes.toString('base64')})`;
  return `@font-face{font-family:"${CHART_FONT}";font-weight:${weight};src:${source}}\n`;
}

function untar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length;) {
    const name = fieldText(archive, at, 100);
    if (!name) break;
    const size = Number.parseInt(fieldText(archive, at + 124, 12), 8) || 0;
    files.set(name, archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function fieldText(archive: Buffer, at: number, length: number): string {
  const text = archive.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/**
 * A charm's source, or a packed charm, made into the folder it is played from: named by its
 * contents, so that editing what no pack would hold changes nothing, and made whole or not at all.
 * Its Python environment is made beside it.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Charm } from '../model/charm.ts';
import type { PreparedCharm } from '../model/prepared.ts';
import { makeWhole } from './atomic-write.ts';
import { readArchive } from './charm-archive.ts';
import { writeEntries } from './charm-entry.ts';
import { pythonOfSource } from './charm-python.ts';
import { readPacking } from './charmcraft-parts.ts';
import { layOut } from './lay-out-charm.ts';
import { packedFiles } from './packed-files.ts';
import { pythonOfPacked } from './packed-python.ts';
import { openWorkFolder } from './work-folder.ts';

export type PrepareOptions = {
  /** Absolute: the charm's folder or .charm. */
  readonly source: string;
  readonly charm: Charm;
  readonly workFolder: string;
  /** The interpreter asked for with --python. */
  readonly python?: string;
  /** Told, line by line, what takes time. */
  readonly progress: (line: string) => void;
};

/** `shipped`: every path that the charm brings into its directory, sorted. */
export type ShippedCharm = PreparedCharm & { readonly shipped: readonly string[] };

/**
 * Throws a Mistake, or Mistakes, when the charm cannot be laid out or its environment cannot be
 * made.
 */
export async function prepareCharm(options: PrepareOptions): Promise<ShippedCharm> {
  const { source, charm, workFolder, python: asked, progress } = options;
  const packing = statSync(source).isFile() ? null : readPacking(source);
  const entries = packing === null ? readArchive(source) : packedFiles(source, packing);
  const { digest, main, entries: laid } = layOut(entries, charm, packing);
  const folder = join(openWorkFolder(workFolder), 'charms', digest.replace('sha256:', ''));
  await makeWhole(folder, (part) => writeEntries(part, laid));
  const python =
    packing === null
      ? await pythonOfPacked({ entries, main, workFolder, asked, progress })
      : await pythonOfSource({
          folder: source,
          packing,
          entries,
          main,
          workFolder,
          asked,
          progress,
        });
  return { folder, digest, main, python, shipped: laid.map(({ path }) => path) };
}

/**
 * `.playbill/`: caches that can be thrown away at any time, never committed; beside them what the project itself may
 * bring for its charms, loader.py and commands/, which are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './atomic-write.ts';

const IGNORE = '/*\n!/loader.py\n!/commands/\n';
/** Written by earlier versions: it hid everything. */
const HIDES_ALL = '*\n';

function isStale(ignore: string): boolean {
  return !existsSync(ignore) || readFileSync(ignore, 'utf8') === HIDES_ALL;
}

/** Makes the folder where it is missing, with a .gitignore that hides all but the project's own, itself included. */
export function openWorkFolder(workFolder: string): string {
  const ignore = join(workFolder, '.gitignore');
  if (isStale(ignore)) writeWhole(ignore, IGNORE);
  return workFolder;
}

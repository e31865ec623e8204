/** `.playbill/`: caches that can be thrown away at any time, never committed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './atomic-write.ts';

/**
 * Makes the folder where it is missing, with a .gitignore that hides all of it, itself included.
 */
export function openWorkFolder(workFolder: string): string {
  const ignore = join(workFolder, '.gitignore');
  if (!existsSync(ignore)) writeWhole(ignore, '*\n');
  return workFolder;
}

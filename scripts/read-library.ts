/** What the project adds to the library: the files of the folder `library` beside its trees. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../src/engine/project/find-project.ts';
import { readLibrary } from '../src/engine/tree/library-own.ts';
import type { OwnLibrary } from '../src/engine/tree/reading.ts';

/** Throws Mistakes. */
export function ownLibrary({ root, libraryFiles }: Project): OwnLibrary {
  const sources = libraryFiles.map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));
  return readLibrary(sources);
}

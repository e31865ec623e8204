/** A folder for each open stage, below the work folder; those of builds that were killed are swept away. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^stage-(\d+)-\d+$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sweep(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || !isAlive(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes folders named after this process: two builds at once do not meet. */
export function stageFolders(workFolder: string): { make(): string } {
  const folder = join(workFolder, 'stages');
  sweep(folder);
  let count = 0;
  return {
    make() {
      const made = join(folder, `stage-${process.pid}-${(count += 1)}`);
      mkdirSync(made, { recursive: true });
      return made;
    },
  };
}

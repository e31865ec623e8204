/**
 * What a project brings for its charms' sandboxes: `.playbill/loader.py`, the place for patches in
 * Python, and `.playbill/commands/`, programs in place of the machine's. Both decide how a charm
 * plays, so their digest is an input.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Mistake } from '../model/mistake.ts';

export type Loader = {
  /** On the host; absent where the project has none. */
  readonly places: { readonly loader?: string; readonly commands?: string };
  /** Of names, contents and executable bits; empty when there is neither. */
  readonly digest: string;
};

type Brought = { readonly path: string; readonly executable: boolean; readonly from: string };

/** Links are followed: what they lead to is what the sandbox has. */
function filesBelow(folder: string, into: string): readonly Brought[] {
  const names = readdirSync(folder).sort();
  return names.flatMap((name): readonly Brought[] => {
    const from = join(folder, name);
    const path = posix.join(into, name);
    const about = statSync(from, { throwIfNoEntry: false });
    if (about === undefined) throw new Mistake(`.playbill/${path} links to what is not there`);
    if (about.isDirectory()) return filesBelow(from, path);
    if (!about.isFile()) throw new Mistake(`.playbill/${path} is neither a file nor a folder`);
    return [{ path, executable: (about.mode & 0o111) !== 0, from }];
  });
}

function digestOf(files: readonly Brought[]): string {
  if (files.length === 0) return '';
  const hash = createHash('sha256');
  for (const { path, executable, from } of files) {
    const bytes = readFileSync(from);
    hash.update(JSON.stringify([path, executable, bytes.length])).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** What the project whose work folder is given brings. Throws Mistakes for what could not be used. */
export function readLoader(workFolder: string): Loader {
  const loader = join(workFolder, 'loader.py');
  const commands = join(workFolder, 'commands');
  const hasLoader = existsSync(loader);
  const hasCommands = existsSync(commands);
  if (hasLoader && !statSync(loader).isFile()) throw new Mistake('.playbill/loader.py is no file');
  if (hasCommands && !statSync(commands).isDirectory()) {
    throw new Mistake('.playbill/commands is no folder', {
      hint: 'It holds programs, each named as the command that it stands in for.',
    });
  }
  const own = hasLoader ? [{ path: 'loader.py', executable: false, from: loader }] : [];
  const digest = digestOf([...own, ...(hasCommands ? filesBelow(commands, 'commands') : [])]);
  const places = { ...(hasLoader ? { loader } : {}), ...(hasCommands ? { commands } : {}) };
  return { places, digest };
}

/**
 * Without a sandbox: simulated programs that packages bring, as links in a folder on PATH, because the host's own
 * folders are not touched. They are found by name only, not at the path where a package has them.
 */
import { lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BareRoot } from '../files/made-root.ts';

const CLIENT = '/opt/playbill/client/machine-command';
const ON_PATH = /^\/?(?:usr\/(?:local\/)?|snap\/)?s?bin\/([^/]+)$/;

type Shown = { readonly kind: string; readonly target?: string };

/** The root, with a link for each program that is made in it; `own` are links that are there always. */
export function withPrograms(root: BareRoot, folder: string, own: readonly string[]): BareRoot {
  const bin = join(folder, 'bin');
  const client = `${folder}${CLIENT}`;
  const isOurs = (path: string): boolean =>
    lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true &&
    readlinkSync(path) === client;
  const show = (changes: Readonly<Record<string, Shown>>): void => {
    for (const [path, { kind, target }] of Object.entries(changes)) {
      const name = ON_PATH.exec(path)?.[1];
      if (name === undefined || own.includes(name)) continue;
      const link = join(bin, name);
      if (isOurs(link)) rmSync(link);
      const free = !lstatSync(link, { throwIfNoEntry: false });
      if (kind === 'link' && target === CLIENT && free) symlinkSync(client, link);
    }
  };
  for (const name of readdirSync(bin)) {
    if (!own.includes(name) && isOurs(join(bin, name))) rmSync(join(bin, name));
  }
  show(root.changes());
  return {
    ...root,
    change(changes, now) {
      root.change(changes, now);
      show(changes);
    },
  };
}

/**
 * What surrounds a program that is executed: its environment, its user, its working directory.
 * Source: pebble internals/plan/plan.go (MergeServiceContext), internals/overlord/cmdstate/request.go.
 * Not modelled: variables that the image and the orchestrator give Pebble itself, which programs inherit.
 */
import type { Blobs } from '../../model/counterpart.ts';
import { lookup, resolve } from '../../files/path.ts';
import type { Dir } from '../../files/tree.ts';
import { PATH } from './exec-rules.ts';
import { pathError } from './file-path.ts';
import { entryOf, object, text, type Entries } from './plan.ts';
import { usersOf, type Ids, type Wanted } from './users.ts';

export type Variables = Readonly<Record<string, string>>;
export type Context = {
  readonly environment: Variables;
  readonly wanted: Wanted;
  /** Empty: none was asked for. */
  readonly workingDir: string;
};

function textsOf(values: Readonly<Record<string, unknown>> | undefined): Variables {
  const texts = Object.entries(values ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** What was asked for, over what a service of the plan has; null when there is no such service. */
export function inContext(asked: Context, service: string, services: Entries): Context | null {
  if (service === '') return asked;
  const entry = entryOf(services, service);
  if (!entry) return null;
  const { wanted } = asked;
  return {
    environment: { ...textsOf(object(entry, 'environment')), ...asked.environment },
    wanted: {
      user: wanted.user || text(entry, 'user'),
      'user-id': wanted['user-id'] ?? number(entry['user-id']),
      group: wanted.group || text(entry, 'group'),
      'group-id': wanted['group-id'] ?? number(entry['group-id']),
    },
    workingDir: asked.workingDir || text(entry, 'working-dir'),
  };
}

/** The whole environment, by name. */
export function environmentOf(given: Variables, ids: Ids, root: Dir, blobs: Blobs): Variables {
  const user = usersOf(root, blobs).users.find(({ id }) => id === (ids?.user ?? 0));
  const home = given['HOME'] || user?.home;
  const name = given['USER'] || user?.name;
  const environment: Record<string, string> = {
    PATH,
    LANG: 'C.UTF-8',
    ...given,
    ...(home === undefined ? {} : { HOME: home }),
    ...(name === undefined ? {} : { USER: name }),
  };
  const names = Object.keys(environment).sort();
  return Object.fromEntries(names.map((one) => [one, environment[one] ?? '']));
}

function wrongDir(root: Dir, dir: string): string | null {
  const found = resolve(root, dir);
  if (found === 'ENOENT' || (typeof found !== 'string' && !found.entry)) return 'does not exist';
  if (typeof found === 'string') return found;
  return found.entry?.kind === 'dir' ? null : 'not a directory';
}

/**
 * Where the program runs, or why it cannot. The home directory of an image of which no users are known is taken to be
 * there.
 */
export function workingDirOf(
  root: Dir,
  asked: string,
  home: string,
): { readonly dir: string } | { readonly wrong: string } {
  const dir = asked || home || '/';
  if (asked === '' && (home === '' || lookup(root, '/etc/passwd') === undefined)) return { dir };
  const what = `${asked === '' ? 'home' : 'working'} directory ${JSON.stringify(dir)}`;
  const wrong = wrongDir(root, dir);
  if (wrong === null) return { dir };
  if (!/^E[A-Z]+$/.test(wrong)) return { wrong: `${what} ${wrong}` };
  const { message } = pathError(`stat ${dir}`, wrong as Parameters<typeof pathError>[1]);
  return { wrong: `cannot stat ${what}: ${message}` };
}

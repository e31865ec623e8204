/**
 * What a simulated program of the machine is: a function of the machine's state and a request, which looks at files
 * before it changes anything. What it wants to look at in a second turn is marked by a folder that is always there.
 */
import type { Draw } from '../../model/counterpart.ts';
import type { Answer, CommandRequest, Found, Reply, RootChange } from '../../model/request.ts';
import type { MachineSlice } from './slice.ts';

export type MachineDraw = Draw<MachineSlice, object>;
export type Program = (draw: MachineDraw, request: CommandRequest) => Answer;
export type RootChanges = Record<string, RootChange>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** A folder each further turn looks at, so that it is seen to have been taken. */
const TURNS = ['/etc', '/usr', '/var'];

/** The machine's files as far as they were looked at. */
export type Files = Readonly<Record<string, Found>>;

/** What a program that ends by itself answers. */
export function reply(code: number, out = '', err = '', root: RootChanges = {}): Reply {
  const changed = Object.keys(root).length > 0;
  return { kind: 'reply', code, out, err, ...(changed ? { root } : {}) };
}

/** Looks at these paths, in a first turn or a later one; null once that was done. */
export function look(
  request: CommandRequest,
  paths: readonly string[],
  turn: 0 | 1 | 2 | 3 = 0,
): Answer | null {
  const mark = turn === 0 ? undefined : TURNS[turn - 1];
  const done = mark === undefined ? request.found !== undefined : request.found?.[mark];
  if (done) return null;
  return { kind: 'look', paths: mark === undefined ? paths : [...paths, mark] };
}

export function textOf(files: Files, path: string): string | null {
  const found = files[path];
  return found?.kind === 'file' ? decoder.decode(found.bytes) : null;
}

export function inputOf(request: CommandRequest): string {
  return request.stdin ? decoder.decode(request.stdin) : '';
}

export function file(text: string, mode = 0o644, owner: { user?: string; group?: string } = {}) {
  return { kind: 'file', mode, bytes: encoder.encode(text), ...owner } as const;
}

/** The user a program runs as; 0 is root. */
export function isRoot(request: CommandRequest): boolean {
  return (request.user ?? 0) === 0;
}

/** The release by its number. */
export function release({ base }: MachineSlice): '22.04' | '24.04' {
  return base === 'ubuntu@24.04' ? '24.04' : '22.04';
}

/** As the machine is called when nobody named it: after its unit. */
export function hostnameOf({ seen, others }: MachineDraw): string {
  const { juju } = others as { readonly juju?: { readonly app: string; readonly unit: number } };
  return seen.hostname ?? (juju ? `${juju.app}-${juju.unit}` : 'localhost');
}

/** A path as a program means it that was called in this folder. */
export function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

type Parts = 'packages' | 'snaps' | 'unitPrograms';

/** Sets members of a part of the machine, so that they are what a call wrote and others are not. null: a snap goes. */
export function setMembers<Part extends Parts>(
  draw: MachineDraw,
  part: Part,
  members: Readonly<Record<string, NonNullable<MachineSlice[Part]>[string] | null>>,
): void {
  draw.set((slice) => {
    slice[part] ??= {} as never;
    const all = slice[part] as Record<string, unknown>;
    for (const [name, one] of Object.entries(members)) {
      if (one === null && part === 'snaps') delete all[name];
      else all[name] = one;
    }
  });
}

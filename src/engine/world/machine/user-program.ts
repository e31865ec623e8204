/**
 * What programs of shadow-utils have in common: options, the files of accounts, refusals with their exit codes.
 * Source: shadow-utils 4.13 (src/useradd.c, src/usermod.c, exit codes). Usage is told in one line.
 */
import type { CommandRequest } from '../../model/request.ts';
import { has, readOptions, valueOf, type Options, type OptionTable } from './program-options.ts';
import {
  isRoot,
  look,
  reply,
  type MachineDraw,
  type Program,
  type RootChanges,
} from './program.ts';
import * as accounts from './user-accounts.ts';

/** Ends the program with a code and what is said of it. */
export class Refused extends Error {
  readonly code: number;
  readonly usage: boolean;
  /** Printed before. */
  readonly out: string;
  constructor(code: number, message: string, usage = false, out = '') {
    super(message);
    this.out = out;
    this.code = code;
    this.usage = usage;
  }
}

export type UserCall = {
  readonly draw: MachineDraw;
  readonly request: CommandRequest;
  readonly program: string;
  readonly options: Options;
  readonly all: accounts.Accounts;
  readonly root: RootChanges;
  readonly said: string[];
};
type Described = {
  readonly program: string;
  readonly usage: string;
  readonly table: OptionTable;
  readonly names: Readonly<Record<string, string>>;
  /** Looked at besides the files of accounts. */
  readonly paths?: (request: CommandRequest) => readonly string[];
  readonly run: (call: UserCall) => string | void;
};

export function userProgram({ program, usage, table, names, paths, run }: Described): Program {
  return (draw, request) => {
    const options = readOptions(request.argv.slice(1), table, names);
    const usageText = `Usage: ${program} ${usage}\n`;
    if (options.error) return reply(2, '', `${program}: ${options.error}\n${usageText}`);
    if (has(options, 'help')) return reply(0, usageText);
    for (const odd of ['root', 'prefix', 'selinux-user']) {
      if (has(options, odd)) return { kind: 'unsupported', what: `${program} --${odd}` };
    }
    const first = look(request, [...accounts.ACCOUNT_PATHS, ...(paths?.(request) ?? [])]);
    if (first) return first;
    const all = accounts.readAccounts(request);
    const call: UserCall = { draw, request, program, options, all, root: {}, said: [] };
    try {
      if (!isRoot(request)) throw new Refused(1, 'Permission denied.');
      const out = run(call) ?? '';
      const root = { ...accounts.accountChanges(all, request), ...call.root };
      return reply(0, out, call.said.map((line) => `${line}\n`).join(''), root);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const why = error.message === '' ? '' : `${program}: ${error.message}\n`;
      return reply(error.code, error.out, `${why}${error.usage ? usageText : ''}`);
    }
  };
}

export function isValidName(name: string): boolean {
  return (
    name !== '' && name.length <= 32 && !/^[-+~]|[:,/\s]/.test(name) && !/^\.{1,2}$/.test(name)
  );
}

/** Groups by name or number, all of which must be there. */
export function groupsIn({ all }: UserCall, list: string): string[] {
  return list
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const [own] = accounts.groupOf(all, name) ?? [];
      if (own === undefined) throw new Refused(6, `group '${name}' does not exist`);
      return own;
    });
}

export function checkField(what: string, value: string | undefined): void {
  if (value?.includes(':') || value?.includes('\n')) {
    throw new Refused(3, `invalid ${what} '${value}'`);
  }
}

export function checkShell({ options, request, program, said }: UserCall): void {
  const shell = valueOf(options, 'shell');
  if (shell === undefined || shell === '') return;
  if (!/^[/*]/.test(shell) || shell.includes(':')) throw new Refused(3, `invalid shell '${shell}'`);
  if (request.found?.[shell] === undefined) {
    said.push(`${program}: Warning: missing or non-executable shell '${shell}'`);
  }
}

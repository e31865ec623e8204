/**
 * uname, and which kernel a release of Ubuntu has.
 * Source: uname(1) of coreutils with Ubuntu's patch, which knows of processor and platform; linux-image-generic's
 * versions.
 * Not modelled: other architectures.
 */
import { hostnameOf, release, reply, type Program } from './program.ts';
import { has, readOptions, type OptionTable } from './program-options.ts';
import type { MachineSlice } from './slice.ts';

export type Kernel = { readonly release: string; readonly version: string };

const KERNELS: Readonly<Record<'22.04' | '24.04', Kernel>> = {
  '22.04': {
    release: '5.15.0-119-generic',
    version: '#129-Ubuntu SMP Fri Aug 2 19:25:20 UTC 2024',
  },
  '24.04': {
    release: '6.8.0-41-generic',
    version: '#41-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug  2 20:41:06 UTC 2024',
  },
};

export function kernelOf(slice: MachineSlice): Kernel {
  return KERNELS[release(slice)];
}

/** In the order in which they are told. */
const PARTS = [
  ['s', 'kernel-name'],
  ['n', 'nodename'],
  ['r', 'kernel-release'],
  ['v', 'kernel-version'],
  ['m', 'machine'],
  ['p', 'processor'],
  ['i', 'hardware-platform'],
  ['o', 'operating-system'],
] as const;
const NAMES = { ...Object.fromEntries(PARTS), a: 'all' };
const OPTIONS: OptionTable = Object.fromEntries(
  [...Object.entries(NAMES).flat(), 'help', 'version'].map((name) => [name, false]),
);
const MORE = "Try 'uname --help' for more information.\n";

export const uname: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), OPTIONS, NAMES);
  if (options.error) return reply(1, '', `uname: ${options.error}\n${MORE}`);
  const odd = ['help', 'version'].find((one) => has(options, one));
  if (odd !== undefined) return { kind: 'unsupported', what: `uname --${odd}` };
  const [extra] = options.words;
  if (extra !== undefined) return reply(1, '', `uname: extra operand '${extra}'\n${MORE}`);
  const { release: of, version } = kernelOf(draw.seen);
  const parts: Readonly<Record<string, string>> = {
    'kernel-name': 'Linux',
    nodename: hostnameOf(draw),
    'kernel-release': of,
    'kernel-version': version,
    machine: 'x86_64',
    processor: 'x86_64',
    'hardware-platform': 'x86_64',
    'operating-system': 'GNU/Linux',
  };
  const none = options.given.length === 0;
  const told = PARTS.filter(
    ([, name]) => has(options, 'all') || has(options, name) || (none && name === 'kernel-name'),
  );
  return reply(0, `${told.map(([, name]) => parts[name]).join(' ')}\n`);
};

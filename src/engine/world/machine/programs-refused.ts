/** Programs of the machine that are there and that nobody simulates: they are refused by name. */
import type { Program } from './program.ts';

const NAMES = [
  'halt',
  'loginctl',
  'networkctl',
  'poweroff',
  'resolvectl',
  'systemd-analyze',
  'systemd-run',
  'update-rc.d',
] as const;

const refused: Program = (_draw, { argv }) => ({ kind: 'unsupported', what: argv[0] ?? '' });

export const REFUSED_PROGRAMS: Readonly<Record<string, Program>> = Object.fromEntries(
  NAMES.map((name) => [name, refused]),
);

/** Programs of the machine that are there and that nobody simulates: they are refused by name. */
import type { Program } from './program.ts';

const NAMES = [
  'blkid',
  'dmidecode',
  'halt',
  'ifconfig',
  'ip',
  'loginctl',
  'lsblk',
  'lscpu',
  'lshw',
  'lsmod',
  'lspci',
  'lsusb',
  'mount',
  'networkctl',
  'poweroff',
  'resolvectl',
  'route',
  'swapoff',
  'swapon',
  'systemd-analyze',
  'systemd-run',
  'umount',
  'update-rc.d',
  'vmstat',
] as const;

const refused: Program = (_draw, { argv }) => ({ kind: 'unsupported', what: argv[0] ?? '' });

export const REFUSED_PROGRAMS: Readonly<Record<string, Program>> = Object.fromEntries(
  NAMES.map((name) => [name, refused]),
);

/**
 * How the service manager words what happened: exit codes, signals, times, the differences between releases.
 * Source: recorded from systemd 252 (tests/machine/recorded); systemd.exec(5) (process exit codes), signal(7);
 * NEWS of systemd for what 249 (Ubuntu 22.04) and 255 (24.04) say otherwise.
 */
import type { Millis } from '../../model/request.ts';

type Release = '22.04' | '24.04';
export const VERSIONS = {
  '22.04': { number: '249', whole: '249.11-0ubuntu3.12' },
  '24.04': { number: '255', whole: '255.4-1ubuntu8' },
} as const;

const CODES: Readonly<Record<number, string>> = {
  0: 'SUCCESS',
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
  200: 'CHDIR',
  203: 'EXEC',
  216: 'GROUP',
  217: 'USER',
  226: 'NAMESPACE',
};
export const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
};
const DUMPED = ['QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV', 'XCPU', 'XFSZ', 'SYS'];

/** How a process ended. A signal is named without SIG. */
export type EndOfProcess = { readonly code: number } | { readonly signal: string };

export function isKnownSignal(name: string): boolean {
  return Object.hasOwn(SIGNAL_NUMBERS, name);
}

export function signalName(text: string): string | null {
  const bare = text.toUpperCase().replace(/^SIG/, '');
  if (Object.hasOwn(SIGNAL_NUMBERS, bare)) return bare;
  const found = Object.entries(SIGNAL_NUMBERS).find(([, number]) => String(number) === text);
  return found?.[0] ?? null;
}

export function codeText(code: number): string {
  return `${code}/${CODES[code] ?? 'n/a'}`;
}

/** `code=exited, status=1/FAILURE`, as the journal has it. */
export function endText(end: EndOfProcess): string {
  if ('code' in end) return `code=exited, status=${codeText(end.code)}`;
  const how = DUMPED.includes(end.signal) ? 'dumped' : 'killed';
  return `code=${how}, status=${SIGNAL_NUMBERS[end.signal]}/${end.signal}`;
}

/** The same as `systemctl status` has it. */
export function endShown(end: EndOfProcess): string {
  if ('code' in end) return endText(end);
  return `code=${DUMPED.includes(end.signal) ? 'dumped' : 'killed'}, signal=${end.signal}`;
}

/** Whether a service that ends so has done what it was for. */
export function isClean(end: EndOfProcess): boolean {
  return 'code' in end ? end.code === 0 : ['HUP', 'INT', 'TERM', 'PIPE'].includes(end.signal);
}

export function resultOf(end: EndOfProcess): 'success' | 'exit-code' | 'core-dump' | 'signal' {
  if (isClean(end)) return 'success';
  if ('code' in end) return 'exit-code';
  return DUMPED.includes(end.signal) ? 'core-dump' : 'signal';
}

/** How the journal calls a unit. */
export function calledIn(release: Release, name: string, description: string): string {
  if (description === name) return name;
  return release === '22.04' ? description : `${name} - ${description}`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
export const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];

export function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** `Sat 2026-11-21 18:25:57 UTC`. */
export function stamp(at: Millis): string {
  const date = new Date(at);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${DAYS[date.getUTCDay()]} ${day} ${clock(at)} UTC`;
}

export function clock(at: Millis): string {
  const date = new Date(at);
  return [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
}

/** `2min 5s ago`. */
export function ago(span: Millis): string {
  const seconds = Math.floor(span / 1000);
  const [minutes, hours, days] = [60, 3600, 86_400].map((size) => Math.floor(seconds / size)) as [
    number,
    number,
    number,
  ];
  if (days >= 60) return `${Math.floor(days / 30)} months ${days % 30} days ago`;
  if (days >= 14) return `${Math.floor(days / 7)} weeks ${days % 7} days ago`;
  if (days >= 2) return `${days} days ago`;
  if (days >= 1) return `${days} day ${hours % 24}h ago`;
  if (hours >= 1) return `${hours}h ${minutes % 60}min ago`;
  if (minutes >= 5) return `${minutes}min ago`;
  if (minutes >= 1) return `${minutes}min ${seconds % 60}s ago`;
  if (seconds >= 1) return `${seconds}s ago`;
  return span >= 1 ? `${Math.floor(span)}ms ago` : 'now';
}

/**
 * Signals by name, as Linux numbers them.
 * Source: golang.org/x/sys/unix SignalNum, which knows these names and no others; signal(7).
 */
const NAMES: Readonly<Record<number, string>> = {
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  4: 'ILL',
  5: 'TRAP',
  6: 'ABRT',
  7: 'BUS',
  8: 'FPE',
  9: 'KILL',
  10: 'USR1',
  11: 'SEGV',
  12: 'USR2',
  13: 'PIPE',
  14: 'ALRM',
  15: 'TERM',
  16: 'STKFLT',
  17: 'CHLD',
  18: 'CONT',
  19: 'STOP',
  20: 'TSTP',
  21: 'TTIN',
  22: 'TTOU',
  23: 'URG',
  24: 'XCPU',
  25: 'XFSZ',
  26: 'VTALRM',
  27: 'PROF',
  28: 'WINCH',
  29: 'IO',
  30: 'PWR',
  31: 'SYS',
};
const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries(NAMES).map(([number, name]) => [`SIG${name}`, Number(number)]),
);

/** The number of a signal by its whole name (`SIGHUP`), or null where there is none such. */
export function signalNumber(name: string): number | null {
  return NUMBERS.get(name) ?? null;
}

/** What a process that died of a signal counts as having exited with. */
export function diedOf(name: string): number {
  const number = signalNumber(name);
  if (number === null) throw new Error(`no signal ${name}`);
  return 128 + number;
}

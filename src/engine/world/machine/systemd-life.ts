/**
 * Units as they live: processes that begin and end, what is logged of it, services that are started again.
 * Source: systemd.service(5) (Restart=, exit), org.freedesktop.systemd1(5); recorded from 252.
 * Not modelled: too many starts in a while are refused where the manager starts by itself only: between two commands of
 * a charm no time passes here. Nor children of a process: a unit has one.
 */
import type { Millis } from '../../model/request.ts';
import { stateAtFirst } from './unit-load.ts';
import { templateOf } from './unit-file.ts';
import type { MachineSlice } from './slice.ts';
import type { Logged, Process, ServiceResult, Unit, UnitProgram } from './unit-slice.ts';
import {
  calledIn,
  endText,
  isClean,
  resultOf,
  signalName,
  type EndOfProcess,
} from './systemd-words.ts';

/** What changes while something happens. */
export type Life = {
  readonly now: Millis;
  readonly release: '22.04' | '24.04';
  readonly programs: Readonly<Record<string, UnitProgram>>;
  units: Record<string, Unit>;
  processes: Record<string, Process>;
  nextPid: number;
  journal: readonly Logged[];
};

/** The first process that is seen to begin. */
export const FIRST_PID = 4001;
const LINES_MAX = 1000;
const STARTS = { most: 5, within: 10_000 };

export function lifeOf(slice: MachineSlice, now: Millis): Life {
  return {
    now,
    release: slice.base === 'ubuntu@24.04' ? '24.04' : '22.04',
    programs: slice.unitPrograms ?? {},
    units: { ...slice.units },
    processes: { ...slice.processes },
    nextPid: slice.nextPid ?? FIRST_PID,
    journal: slice.journal ?? [],
  };
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** How a unit's program behaves: as was said of it, or of the template that it is made of. */
export function programOf({ programs }: Pick<Life, 'programs'>, name: string): UnitProgram {
  return own(programs, name) ?? own(programs, templateOf(name) ?? '') ?? {};
}

const NEVER: Unit = {
  loaded: [],
  description: '',
  active: 'inactive',
  sub: 'dead',
  result: 'success',
  mainPid: 0,
  since: 0,
};

export function unitOf(life: Pick<Life, 'units' | 'release'>, name: string): Unit {
  const first = stateAtFirst(life.release, name);
  return own(life.units, name) ?? { ...NEVER, ...first };
}

export function setUnit(life: Life, name: string, change: Partial<Unit>): Unit {
  const made = { ...unitOf(life, name), since: life.now, ...change };
  life.units = { ...life.units, [name]: made };
  return made;
}

export function isActive({ active }: Unit): boolean {
  return active === 'active' || active === 'activating';
}

export function log(life: Life, line: Omit<Logged, 'at'>): void {
  life.journal = [...life.journal, { at: life.now, ...line }].slice(-LINES_MAX);
}

/** What the manager itself says of a unit. */
export function tell(life: Life, unit: string, text: string): void {
  log(life, { unit, by: 'systemd', pid: 1, text });
}

export function called(life: Life, name: string): string {
  return calledIn(life.release, name, unitOf(life, name).description || name);
}

/** Lines that a unit's program prints. */
export function prints(
  life: Life,
  name: string,
  { by, pid, text }: Omit<Logged, 'at' | 'unit'>,
): void {
  const lines = text.replace(/\n$/, '').split('\n');
  for (const line of text === '' ? [] : lines) log(life, { unit: name, by, pid, text: line });
}

export function takePid(life: Life): number {
  life.nextPid += 1;
  return life.nextPid - 1;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Sets off a process of a unit. */
export function spawn(
  life: Life,
  name: string,
  { argv, user }: Pick<Process, 'argv' | 'user'>,
): number {
  const pid = takePid(life);
  const { listens = [], output = '' } = programOf(life, name);
  const made = { argv, user, unit: name, listens, signals: [], started: life.now };
  life.processes = { ...life.processes, [pid]: made };
  prints(life, name, { by: baseName(argv[0] ?? ''), pid, text: output });
  return pid;
}

/** All processes of a unit are gone. */
export function reap(life: Life, name: string): void {
  const left = Object.entries(life.processes).filter(([, { unit }]) => unit !== name);
  life.processes = Object.fromEntries(left);
}

/** How and when the program of a unit ends by itself. */
export function endOf({ exits }: UnitProgram): EndOfProcess | null {
  if (exits === undefined) return null;
  return typeof exits === 'number' ? { code: exits } : { signal: signalName(exits) ?? 'TERM' };
}

export function armed(life: Life, name: string): Pick<Unit, 'timer'> {
  const { exits, after = 0 } = programOf(life, name);
  return exits === undefined ? {} : { timer: { what: 'exit', at: life.now + after } };
}

function goesOn(on: string, end: EndOfProcess): boolean {
  if (on === 'always') return true;
  if (on === 'on-success') return isClean(end);
  if (on === 'on-failure') return !isClean(end);
  return (on === 'on-abnormal' || on === 'on-abort') && 'signal' in end && !isClean(end);
}

/** Without what only a unit that lives has. */
export function ended({ timer: _timer, ...unit }: Unit): Unit {
  return unit;
}

/** The main process of a service has ended, and nobody had asked it to. */
export function mainExited(life: Life, name: string, end: EndOfProcess): void {
  const unit = ended(unitOf(life, name));
  const result = resultOf(end);
  if (!isClean(end)) tell(life, name, `${name}: Main process exited, ${endText(end)}`);
  reap(life, name);
  const clean = result === 'success';
  const says = clean ? 'Deactivated successfully.' : `Failed with result '${result}'.`;
  tell(life, name, `${name}: ${says}`);
  const state = { ...unit, mainPid: 0, exited: end, result, since: life.now };
  const over = clean ? { active: 'inactive', sub: 'dead' } : { active: 'failed', sub: 'failed' };
  const next = unit.again && goesOn(unit.again.on, end) ? unit.again : null;
  const waits = next && {
    active: 'activating',
    sub: 'auto-restart',
    timer: { what: 'restart', at: life.now + next.after },
  };
  life.units = { ...life.units, [name]: { ...state, ...(waits ?? over) } as Unit };
}

/** A start that came to nothing. */
export function failStart(
  life: Life,
  name: string,
  result: ServiceResult,
  change: Partial<Unit> = {},
): void {
  reap(life, name);
  tell(life, name, `${name}: Failed with result '${result}'.`);
  tell(life, name, `Failed to start ${called(life, name)}.`);
  const failed = { active: 'failed', sub: 'failed', result, mainPid: 0 } as const;
  const unit = ended(setUnit(life, name, { ...failed, ...change }));
  life.units = { ...life.units, [name]: unit };
}

/** The commands of a oneshot have ended; false: not well. */
export function finishOnce(life: Life, name: string, end: EndOfProcess): boolean {
  if (!isClean(end)) {
    tell(life, name, `${name}: Main process exited, ${endText(end)}`);
    failStart(life, name, resultOf(end), { exited: end });
    return false;
  }
  const { remain = false } = unitOf(life, name);
  if (!remain) tell(life, name, `${name}: Deactivated successfully.`);
  tell(life, name, `Finished ${called(life, name)}.`);
  const state = remain
    ? ({ active: 'active', sub: 'exited', exited: end } as const)
    : ({ active: 'inactive', sub: 'dead' } as const);
  const unit = ended(setUnit(life, name, { ...state, result: 'success', mainPid: 0 }));
  life.units = { ...life.units, [name]: unit };
  return true;
}

/** A service that is started again by itself. */
function restart(life: Life, name: string): void {
  const unit = ended(unitOf(life, name));
  const restarts = (unit.restarts ?? 0) + 1;
  const starts = (unit.starts ?? []).filter((at) => at > life.now - STARTS.within);
  tell(life, name, `${name}: Scheduled restart job, restart counter is at ${restarts}.`);
  if (life.release === '22.04') tell(life, name, `Stopped ${called(life, name)}.`);
  if (starts.length >= STARTS.most) {
    tell(life, name, `${name}: Start request repeated too quickly.`);
    tell(life, name, `${name}: Failed with result '${unit.result}'.`);
    tell(life, name, `Failed to start ${called(life, name)}.`);
    const state = { ...unit, restarts, active: 'failed', sub: 'failed', since: life.now } as const;
    life.units = { ...life.units, [name]: state };
    return;
  }
  tell(life, name, `Started ${called(life, name)}.`);
  const user = unit.user ?? 'root';
  const mainPid = spawn(life, name, { argv: unit.argv ?? [], user });
  const state = { ...unit, restarts, mainPid, active: 'active', sub: 'running' } as const;
  const timed = { ...state, result: 'success', since: life.now, ...armed(life, name) } as const;
  life.units = { ...life.units, [name]: { ...timed, starts: [...starts, life.now] } };
}

/** The end of a service that takes its time to stop. */
export function stopped(life: Life, name: string): void {
  const unit = ended(unitOf(life, name));
  const { slow = 0 } = programOf(life, name);
  const killed = slow > (unit.stopTimeout ?? Number.POSITIVE_INFINITY);
  if (killed) tell(life, name, `${name}: State 'stop-sigterm' timed out. Killing.`);
  const signal = killed ? 'KILL' : 'TERM';
  if (killed) tell(life, name, `${name}: Main process exited, ${endText({ signal })}`);
  const says = killed ? `Failed with result 'timeout'.` : 'Deactivated successfully.';
  if (unit.mainPid !== 0) tell(life, name, `${name}: ${says}`);
  tell(life, name, `Stopped ${called(life, name)}.`);
  reap(life, name);
  const over = killed
    ? ({ active: 'failed', sub: 'failed', result: 'timeout' } as const)
    : ({ active: 'inactive', sub: 'dead', result: 'success' } as const);
  const exited = unit.mainPid === 0 ? {} : { exited: { signal } };
  const state = { ...unit, ...over, ...exited, mainPid: 0, since: life.now };
  life.units = { ...life.units, [name]: state };
}

/** The earliest moment at which something happens to a unit by itself, or null. */
export function nextOfUnits({ units = {} }: Pick<MachineSlice, 'units'>): Millis | null {
  const moments = Object.values(units).flatMap(({ timer }) => (timer ? [timer.at] : []));
  return moments.length === 0 ? null : Math.min(...moments);
}

function fire(life: Life, name: string): void {
  const { timer, sub } = unitOf(life, name);
  const end = endOf(programOf(life, name)) ?? { code: 0 };
  if (sub === 'start') finishOnce(life, name, end);
  else if (timer?.what === 'restart') restart(life, name);
  else if (timer?.what === 'stop') stopped(life, name);
  else if (timer) mainExited(life, name, end);
}

/** Whatever is due this very moment happens. */
export function settle(life: Life): void {
  for (let turn = 0; turn < FIRED_MAX; turn += 1) {
    const name = Object.keys(life.units)
      .sort()
      .find((one) => (unitOf(life, one).timer?.at ?? Infinity) <= life.now);
    if (name === undefined) return;
    fire(life, name);
  }
}

const FIRED_MAX = 10_000;

/** The slice once whatever is due by then has happened. */
export function passUnits(slice: MachineSlice, to: Millis): MachineSlice {
  let current = slice;
  for (let turn = 0; turn < FIRED_MAX; turn += 1) {
    const next = nextOfUnits(current);
    if (next === null || next > to) return current;
    const life = lifeOf(current, next);
    const due = Object.keys(life.units).sort();
    const name = due.find((one) => unitOf(life, one).timer?.at === next);
    if (name !== undefined) fire(life, name);
    current = { ...current, ...partOf(life) };
  }
  return current;
}

/** What of a life is kept. */
export function partOf({ units, processes, nextPid, journal }: Life) {
  return { units, processes, nextPid, journal };
}

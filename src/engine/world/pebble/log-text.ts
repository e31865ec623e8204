/**
 * The log of a service as Pebble keeps it: one text, each line with when and which service, the oldest bytes given up
 * when it grows too long.
 * Source: pebble internals/servicelog (formatter.go, ringbuffer.go, parser.go, lastlines.go).
 */
import type { Millis } from '../../model/request.ts';

const BYTES_MAX = 100 * 1024;
/** How much of a line the reader takes at a time. */
const READ_BYTES = 4 * 1024;
const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const PREFIX = new RegExp(String.raw`^${STAMP} \[[^\]]+\] `);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export type LogEntry = { readonly at: Millis; readonly service: string; readonly message: string };
type Printed = { readonly service: string; readonly text: string; readonly at: Millis };

function shortened(log: string): string {
  if (log.length * 3 <= BYTES_MAX) return log;
  const bytes = encoder.encode(log);
  return bytes.length <= BYTES_MAX ? log : decoder.decode(bytes.subarray(-BYTES_MAX));
}

/** The log with what a process has printed. `anew`: it is a process's first words. */
export function printed(log: string, { service, text, at }: Printed, anew: boolean): string {
  if (text === '') return log;
  const prefix = `${new Date(at).toISOString()} [${service}] `;
  const lines = text.split(/(?<=\n)/).map((line) => `${prefix}${line}`);
  if (!anew && log !== '' && !log.endsWith('\n')) lines[0] = lines[0]!.slice(prefix.length);
  return shortened(`${log}${lines.join('')}`);
}

/** The end of a log from the last so many whole lines on. */
export function lastLines(log: string, count: number): string {
  if (count <= 0) return '';
  let ends = -1;
  let at = log.length;
  while (at > 0) {
    at -= 1;
    if (log[at] === '\n') ends += 1;
    if (ends === count) return log.slice(at + 1);
  }
  return log.startsWith('\n') ? log.slice(1) : log;
}

/** The last lines without when and who, each indented: what a task's log quotes. */
export function quotedLines(log: string, count: number): string {
  const lines = lastLines(log, count + 1)
    .trim()
    .split('\n');
  if (lines.length > count) lines[0] = '(...)';
  return lines.map((line) => `    ${line.replace(PREFIX, '')}`).join('\n');
}

function parsed(line: string): LogEntry | null {
  const [, stamp = '', service = '', message = ''] = /^(\S*) \[(\S+)\] (.*)$/s.exec(line) ?? [];
  const at = new RegExp(`^${STAMP}$`).test(stamp) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(at) ? null : { at, service, message };
}

/** A line as it is read: in pieces when it is long. */
function pieces(line: string): readonly string[] {
  if (line.length * 3 <= READ_BYTES) return [line];
  const bytes = encoder.encode(line);
  const count = Math.ceil(bytes.length / READ_BYTES);
  return Array.from({ length: count }, (_, index) =>
    decoder.decode(bytes.subarray(index * READ_BYTES, (index + 1) * READ_BYTES)),
  );
}

/** A log taken apart. What has no beginning of its own belongs to the entry before it. */
export function logEntries(log: string): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of log === '' ? [] : log.split(/(?<=\n)/).flatMap(pieces)) {
    const own = parsed(line);
    const last = entries.at(-1);
    if (own) entries.push(own);
    else if (last) entries.push({ ...last, message: line });
  }
  return entries.map((entry) => ({ ...entry, message: entry.message.replace(/\n$/, '') }));
}

const STAMPED = new RegExp(String.raw`${STAMP} (?=\[[^\]]+\] )`, 'g');

/** A text in which lines of a log are quoted, without when they were printed. */
export function withoutStamps(text: string): string {
  return text.replace(STAMPED, '');
}

/**
 * The log without when anything was printed. A line that was not ended has another's time within it; a log whose oldest
 * bytes were given up may begin within a time, so its broken first line is left out.
 */
export function timelessLog(log: string): string {
  const whole = log === '' || PREFIX.test(log) ? log : log.slice(log.indexOf('\n') + 1);
  return withoutStamps(whole);
}

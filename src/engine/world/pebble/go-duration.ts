/**
 * Lengths of time as Go reads and prints them: `1m30s`, `1.5s`, `300ms`. In nanoseconds.
 * Source: Go time.ParseDuration and Duration.String. Precise below 104 days, as numbers are
 * doubles.
 */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds, or the text of the error that Go gives after `time: `. */
export function parseDuration(text: string): number | string {
  const invalid = `invalid duration ${JSON.stringify(text)}`;
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  if (rest === '') return invalid;
  let total = 0;
  let left = rest;
  while (left !== '') {
    const match = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(left);
    if (!match) return invalid;
    const [whole, amount = '', unit = ''] = match;
    if (unit === '') return `missing unit in duration ${JSON.stringify(text)}`;
    const size = UNITS[unit];
    if (size === undefined) {
      return `unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`;
    }
    total += Math.round(Number(amount) * size);
    left = left.slice(whole.length);
  }
  return sign === '-' ? -total : total;
}

function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}

/** `1m30s`, `1.5s`, `300ms`, `0s`. */
export function durationText(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${durationText(-nanoseconds)}`;
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${decimal(nanoseconds / 1e3)}µs`;
  if (nanoseconds < 1e9) return `${decimal(nanoseconds / 1e6)}ms`;
  const seconds = Math.floor(nanoseconds / 1e9);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${decimal((nanoseconds - (hours * 3600 + minutes * 60) * 1e9) / 1e9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

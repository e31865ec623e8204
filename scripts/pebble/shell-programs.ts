/**
 * The programs that can be acted out, and what the shell has built in.
 * Source: POSIX Utilities, in the words of GNU coreutils where they say something.
 */
import type { Process } from './shell-run.ts';
import { NotSimulated } from './shell-syntax.ts';

type Program = (process: Process, words: readonly string[]) => number;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', r: '\r' };

function unescaped(text: string): string {
  return text.replace(/\\([nt\\r])/g, (_, letter: string) => ESCAPES[letter] ?? '');
}

function echo(process: Process, [, ...words]: readonly string[]): number {
  const [end, said] = words[0] === '-n' ? ['', words.slice(1)] : ['\n', words];
  process.print(`${said.join(' ')}${end}`);
  return 0;
}

function printf(process: Process, [, format = '', ...values]: readonly string[]): number {
  const left = [...values];
  do {
    const text = unescaped(format).replace(/%(.)/g, (_, letter: string) => {
      if (letter === '%') return '%';
      if (letter !== 's' && letter !== 'd') throw new NotSimulated(`printf with %${letter}`);
      return left.shift() ?? (letter === 'd' ? '0' : '');
    });
    process.print(text);
  } while (left.length > 0 && /%[sd]/.test(format));
  return 0;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

function sleep(process: Process, [, ...times]: readonly string[]): number {
  for (const time of times) {
    const [, amount = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(time) ?? [];
    if (amount === '') return process.fail(`sleep: invalid time interval '${time}'`, 1);
    process.takes += Math.round(Number(amount) * (UNITS[unit] ?? 1) * 1000);
  }
  return times.length > 0 ? 0 : process.fail('sleep: missing operand', 1);
}

/** What each of the files holds, or all of the input. */
function contents(process: Process, program: string, names: readonly string[]) {
  if (names.length === 0) return { texts: [process.readAll()], code: 0 };
  let code = 0;
  const texts = names.flatMap((name) => {
    if (name === '-') return [process.readAll()];
    const file = process.file(name);
    if (file?.kind === 'file') return [file.text];
    const why = file ? 'Is a directory' : 'No such file or directory';
    code = process.fail(`${program}: ${name}: ${why}`, 1);
    return [];
  });
  return { texts, code };
}

function withoutOptions(words: readonly string[], program: string): readonly string[] {
  const option = words.find((word) => /^-./.test(word));
  if (option !== undefined) throw new NotSimulated(`${program} ${option}`);
  return words;
}

function cat(process: Process, [, ...names]: readonly string[]): number {
  const { texts, code } = contents(process, 'cat', withoutOptions(names, 'cat'));
  process.print(texts.join(''));
  return code;
}

/** `-n 3`, `-n3` or `-c 3`, and what comes after it. */
function countOf(words: readonly string[]) {
  const [option = '', next = '', ...others] = words;
  const [, letter = 'n', digits = ''] = /^-([nc])(\d*)$/.exec(option) ?? [];
  if (!/^-[nc]\d*$/.test(option)) return { unit: 'n', count: 10, names: words };
  return digits === ''
    ? { unit: letter, count: Number(next), names: others }
    : { unit: letter, count: Number(digits), names: words.slice(1) };
}

function head(process: Process, [, ...words]: readonly string[]): number {
  const { unit, count, names } = countOf(words);
  const { texts, code } = contents(process, 'head', withoutOptions(names, 'head'));
  for (const text of texts) {
    const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
    process.print(unit === 'c' ? text.slice(0, count) : lines.slice(0, count).join(''));
  }
  return code;
}

function wc(process: Process, [, ...words]: readonly string[]): number {
  const [option = '', ...rest] = words;
  if (!/^-[clw]$/.test(option)) throw new NotSimulated('wc without -c, -l or -w');
  const { texts, code } = contents(process, 'wc', rest);
  const text = texts.join('');
  const counts: Readonly<Record<string, number>> = {
    '-c': text.length,
    '-l': text.split('\n').length - 1,
    '-w': text.split(/\s+/).filter(Boolean).length,
  };
  const name = rest.length === 1 ? ` ${rest[0]}` : '';
  if (rest.length > 1) throw new NotSimulated('wc of several files');
  process.print(`${counts[option]}${name}\n`);
  return code;
}

const COMPARED: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
};

function holds(process: Process, words: readonly string[]): boolean {
  const [first = '', second = '', third = ''] = words;
  if (first === '!') return !holds(process, words.slice(1));
  if (words.length === 0) return false;
  if (words.length === 1) return first !== '';
  const compare = Object.hasOwn(COMPARED, second) ? COMPARED[second] : undefined;
  if (words.length === 3 && compare) return compare(first, third);
  if (words.length > 2) throw new NotSimulated('test with such an expression');
  const file = process.file(second);
  switch (first) {
    case '-n':
      return second !== '';
    case '-z':
      return second === '';
    case '-e':
      return file !== null;
    case '-f':
      return file?.kind === 'file';
    case '-d':
      return file?.kind === 'dir';
    case '-s':
      return file?.kind === 'file' && file.text !== '';
    default:
      throw new NotSimulated(`test ${first}`);
  }
}

function bracket(process: Process, words: readonly string[]): number {
  if (words.at(-1) !== ']') return process.fail('sh: 1: [: missing ]', 2);
  return holds(process, words.slice(1, -1)) ? 0 : 1;
}

function read(process: Process, [, ...names]: readonly string[]): number {
  const line = process.readLine();
  const fields = (line ?? '').trim().split(/[ \t]+/);
  const given = names.map((name, index): [string, string] => {
    const last = index === names.length - 1;
    return [name, (last ? fields.slice(index).join(' ') : fields[index]) ?? ''];
  });
  process.variables = { ...process.variables, ...Object.fromEntries(given) };
  return line === null ? 1 : 0;
}

function trap(process: Process, [, action = '', ...signals]: readonly string[]): number {
  for (const signal of signals) {
    const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
    if (!/^SIG[A-Z]+\d?$/.test(name) || name === 'SIGEXIT') {
      throw new NotSimulated(`trap of ${signal}`);
    }
    if (action === '-') delete process.traps[name];
    else process.traps[name] = action;
  }
  return 0;
}

/** The shell becomes the program: what it catches is caught no more, what it ignores still is. */
function exec(process: Process, [, ...words]: readonly string[]): number {
  if (words.length === 0) return 0;
  for (const [signal, action] of Object.entries(process.traps)) {
    if (action !== '') delete process.traps[signal];
  }
  return process.exit(process.run(words));
}

function assign(process: Process, [, ...words]: readonly string[]): number {
  for (const word of words) {
    const [, name = '', value] = /^(\w+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === '') throw new NotSimulated(`export ${word}`);
    if (value !== undefined) process.variables = { ...process.variables, [name]: value };
  }
  return 0;
}

function sh(process: Process, [, option, script]: readonly string[]): number {
  if (option !== '-c' || script === undefined) throw new NotSimulated('sh without -c');
  return process.script(script);
}

const LAST = (process: Process, [, code]: readonly string[]): number =>
  process.exit(code === undefined ? process.status : Number(code) & 255);

export const PROGRAMS: Readonly<Record<string, Program>> = {
  ':': () => 0,
  '[': bracket,
  cat,
  echo,
  exec,
  exit: LAST,
  export: assign,
  false: () => 1,
  head,
  printf,
  pwd: (process) => {
    process.print(`${process.workingDir}\n`);
    return 0;
  },
  read,
  sh,
  sleep,
  test: (process, [, ...words]) => (holds(process, words) ? 0 : 1),
  trap,
  true: () => 0,
  wc,
};
/** Those that only the shell has. */
const BUILT_IN = [':', 'exec', 'exit', 'export', 'read', 'trap'];
/** What a container of the simulated Pebble has on its PATH. */
export const ON_PATH: readonly string[] = Object.keys(PROGRAMS).filter(
  (name) => !BUILT_IN.includes(name),
);

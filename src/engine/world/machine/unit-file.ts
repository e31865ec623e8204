/**
 * Unit files as settings: sections, repeated keys, continued lines, quoted words, specifiers.
 * Source: systemd.syntax(7), systemd.unit(5) (specifiers), systemd.service(5) (command lines); recorded from 252.
 * Not modelled: escapes of units by number (\x2d) inside words, specifiers that tell of the machine's hardware.
 */
export type Setting = { readonly section: string; readonly key: string; readonly value: string };
export type UnitText = { readonly path: string; readonly text: string };

/** Whole lines: one that ends in a backslash goes on in the next that is no comment. */
function wholeLines(text: string): readonly string[] {
  const whole: string[] = [];
  let open: string | null = null;
  for (const line of text.split('\n')) {
    if (/^\s*[#;]/.test(line)) continue;
    const joined: string = open === null ? line : `${open} ${line.trim()}`;
    open = joined.endsWith('\\') ? joined.slice(0, -1).trimEnd() : null;
    if (open === null) whole.push(joined.trim());
  }
  if (open !== null) whole.push(open);
  return whole.filter((line) => line !== '');
}

export function readSettings(files: readonly UnitText[]): readonly Setting[] {
  return files.flatMap(({ text }) => {
    let section = '';
    return wholeLines(text).flatMap((line): Setting[] => {
      const head = /^\[(.*)\]$/.exec(line);
      if (head) section = head[1] ?? '';
      const pair = /^([^=]+?)\s*=\s*(.*)$/s.exec(line);
      return head || !pair ? [] : [{ section, key: pair[1] ?? '', value: pair[2] ?? '' }];
    });
  });
}

/** All values of a key; an empty one forgets those before it. */
export function allOf(settings: readonly Setting[], section: string, key: string): string[] {
  const values: string[] = [];
  for (const setting of settings) {
    if (setting.section !== section || setting.key !== key) continue;
    if (setting.value === '') values.length = 0;
    else values.push(setting.value);
  }
  return values;
}

export function lastOf(settings: readonly Setting[], section: string, key: string): string {
  return allOf(settings, section, key).at(-1) ?? '';
}

/** All words of a key that has lists, in order. */
export function wordsOf(settings: readonly Setting[], section: string, key: string): string[] {
  return allOf(settings, section, key).flatMap((value) => value.split(/\s+/).filter(Boolean));
}

export function isYes(text: string): boolean {
  return /^(1|yes|y|true|t|on)$/i.test(text);
}

/** The words of a command line: quotes group, a backslash takes the next letter as it is. */
export function commandWords(line: string): string[] {
  const words: string[] = [];
  const word = /\s*((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+)/gsy;
  for (let found = word.exec(line); found; found = word.exec(line)) {
    words.push(unquoted(found[1] ?? ''));
  }
  return words;
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', s: ' ', r: '\r' };

function unquoted(text: string): string {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^"'\\]+/gs) ?? [];
  const bare = (part: string): string =>
    /^["']/.test(part) && part.length > 1 ? part.slice(1, -1) : part;
  return parts
    .map((part) => bare(part).replace(/\\(.)/gs, (_, one: string) => LETTERS[one] ?? one))
    .join('');
}

/** A duration as systemd has it: `1min 30s`, `500ms`, a bare number of seconds; null: for ever or not readable. */
export function millisOf(text: string): number | null {
  const UNITS: Readonly<Record<string, number>> = {
    us: 0.001,
    usec: 0.001,
    ms: 1,
    msec: 1,
    '': 1000,
    s: 1000,
    sec: 1000,
    second: 1000,
    seconds: 1000,
    m: 60_000,
    min: 60_000,
    minute: 60_000,
    minutes: 60_000,
    h: 3_600_000,
    hr: 3_600_000,
    hour: 3_600_000,
    hours: 3_600_000,
    d: 86_400_000,
    day: 86_400_000,
    days: 86_400_000,
    w: 604_800_000,
    week: 604_800_000,
    weeks: 604_800_000,
  };
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('').length !== text.trimEnd().length) {
    return null;
  }
  const sizes = parts.map(([, count, unit]) => Number(count) * (UNITS[unit ?? ''] ?? Number.NaN));
  const sum = sizes.reduce((total, size) => total + size, 0);
  return Number.isNaN(sum) ? null : sum;
}

/** The parts of a unit's name: `tpl@one.service` is prefix `tpl`, instance `one`, type `service`. */
export function nameParts(name: string) {
  const dot = name.lastIndexOf('.');
  const whole = name.slice(0, dot);
  const at = whole.indexOf('@');
  return {
    type: name.slice(dot + 1),
    prefix: at < 0 ? whole : whole.slice(0, at),
    instance: at < 0 ? null : whole.slice(at + 1),
    whole,
  };
}

/** The template that an instance is made of, or null. */
export function templateOf(name: string): string | null {
  const { instance, prefix, type } = nameParts(name);
  return instance ? `${prefix}@.${type}` : null;
}

function unescaped(text: string): string {
  return text
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** Replaces `%i` and its like. */
export function specified(text: string, name: string, of: { hostname: string; user?: string }) {
  const { prefix, instance, whole } = nameParts(name);
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    i: instance ?? '',
    I: unescaped(instance ?? ''),
    n: name,
    N: whole,
    p: prefix,
    P: unescaped(prefix),
    j: prefix.split('-').at(-1) ?? '',
    H: of.hostname,
    l: of.hostname.split('.')[0] ?? '',
    h: '/root',
    t: '/run',
    S: '/var/lib',
    C: '/var/cache',
    L: '/var/log',
    E: '/etc',
    T: '/tmp',
    V: '/var/tmp',
    u: of.user ?? 'root',
    U: '0',
    s: '/bin/sh',
    f: `/${unescaped(instance ?? prefix)}`,
  };
  return text.replace(/%(.)/g, (all, letter: string) => values[letter] ?? all);
}

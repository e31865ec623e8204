/**
 * The command line of apt's programs: options, settings, the operation and what it is about.
 * Source: apt-get(8), apt.conf(5); apt 2.6.1's own refusals (tests/machine/recorded).
 * Not modelled: configuration files; settings other than those read here change nothing.
 */

export type AptOptions = {
  readonly operation: string | undefined;
  readonly rest: readonly string[];
  readonly yes: boolean;
  /** 0 as usual, 1 for logs, 2 for almost nothing. */
  readonly quiet: number;
  /** Names without dashes, and settings by their name in small letters. */
  readonly flags: ReadonlySet<string>;
  readonly settings: Readonly<Record<string, string>>;
  /** What dpkg is told: `--force-confold`. */
  readonly dpkg: readonly string[];
};

const SHORT: Readonly<Record<string, string>> = {
  y: 'yes',
  q: 'quiet',
  f: 'fix-broken',
  m: 'ignore-missing',
  s: 'simulate',
  d: 'download-only',
  V: 'verbose-versions',
  u: 'show-upgraded',
  b: 'compile',
  n: 'names-only',
  a: 'all-versions',
  i: 'important',
  v: 'version',
  h: 'help',
};
const LONG: Readonly<Record<string, string>> = {
  'assume-yes': 'yes',
  'just-print': 'simulate',
  'dry-run': 'simulate',
  recon: 'simulate',
  'no-act': 'simulate',
  'fix-missing': 'ignore-missing',
  'auto-remove': 'autoremove',
  silent: 'quiet',
};
const KNOWN: ReadonlySet<string> = new Set(
  (
    'yes quiet fix-broken ignore-missing simulate download-only verbose-versions show-upgraded compile assume-no ' +
    'names-only all-versions important version help no-install-recommends install-recommends install-suggests ' +
    'no-install-suggests reinstall purge autoremove no-autoremove allow-downgrades allow-change-held-packages ' +
    'allow-remove-essential allow-unauthenticated allow-insecure-repositories allow-releaseinfo-change force-yes ' +
    'only-upgrade no-upgrade no-remove fix-policy print-uris no-download ignore-hold trivial-only show-progress ' +
    'with-new-pkgs no-allow-insecure-repositories full installed upgradable manual-installed ' +
    'upgradeable recurse no-all-versions ' +
    'no-recommends no-suggests no-conflicts no-breaks no-replaces no-enhances list-cleanup no-list-cleanup ' +
    'no-strip-user-agent force-overwrite update no-pre-depends'
  ).split(' '),
);
const VALUED: Readonly<Record<string, string>> = {
  o: 'option',
  c: 'config-file',
  t: 'target-release',
  option: 'option',
  'config-file': 'config-file',
  'target-release': 'target-release',
  'default-release': 'target-release',
  'error-on': 'error-on',
  'host-architecture': 'host-architecture',
  'build-profiles': 'build-profiles',
  planner: 'planner',
  solver: 'solver',
  'with-source': 'with-source',
};

type Reading = {
  flags: Set<string>;
  settings: Record<string, string>;
  dpkg: string[];
  quiet: number;
  rest: string[];
};

function isTrue(text: string): boolean {
  return /^(?:1|true|yes|on|enable|with)$/i.test(text);
}

function setting(reading: Reading, text: string): void {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  const known = name.toLowerCase();
  if (known === 'dpkg::options::' || known === 'dpkg::options') reading.dpkg.push(value);
  else reading.settings[known] = value;
  if (known === 'apt::get::assume-yes' && isTrue(value)) reading.flags.add('yes');
  if (known === 'apt::install-recommends' && !isTrue(value)) {
    reading.flags.add('no-install-recommends');
  }
  if (known === 'quiet') reading.quiet = Number(value) || 0;
}

function take(reading: Reading, name: string, value: string): void {
  if (name === 'option') setting(reading, value);
  else reading.settings[name] = value;
}

/** Reads a long option; answers how many words it was, or that it is none. */
function long(reading: Reading, word: string, next: string | undefined): 0 | 1 | 2 {
  const [, name = '', , value] = /^--([^=]*)(=(.*))?$/s.exec(word) ?? [];
  const valued = VALUED[name];
  if (valued !== undefined) {
    if (value === undefined && next === undefined) return 0;
    take(reading, valued, value ?? next ?? '');
    return value === undefined ? 2 : 1;
  }
  const known = LONG[name] ?? name;
  if (!KNOWN.has(known) && !known.startsWith('allow-releaseinfo-change-')) return 0;
  if (known === 'quiet') reading.quiet = value === undefined ? reading.quiet + 1 : Number(value);
  if (value === undefined || isTrue(value)) reading.flags.add(known);
  return 1;
}

/** Letters in one word: `-yq`, `-qq`, `-q=2`, `-oName=value`. */
function short(reading: Reading, word: string, next: string | undefined): 1 | 2 | string {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] as string;
    const valued = VALUED[letter];
    if (valued !== undefined) {
      const own = word.slice(at + 1).replace(/^=/, '');
      take(reading, valued, own === '' ? (next ?? '') : own);
      return own === '' ? 2 : 1;
    }
    const name = SHORT[letter];
    if (name === undefined) return letter;
    reading.flags.add(name);
    if (name !== 'quiet') continue;
    const level = /^=(\d)/.exec(word.slice(at + 1));
    reading.quiet = level ? Number(level[1]) : reading.quiet + 1;
    if (level) return 1;
  }
  return 1;
}

const ODD = 'is not understood in combination with the other options';

/** The options, or the words of a refusal. */
export function aptOptions(words: readonly string[]): AptOptions | string {
  const reading: Reading = { flags: new Set(), settings: {}, dpkg: [], quiet: 0, rest: [] };
  for (let at = 0; at < words.length;) {
    const word = words[at] as string;
    if (word === '--') {
      reading.rest.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const count = long(reading, word, words[at + 1]);
      if (count === 0) return `Command line option ${word} ${ODD}`;
      at += count;
    } else if (word.startsWith('-') && word.length > 1) {
      const count = short(reading, word, words[at + 1]);
      if (typeof count === 'string') return `Command line option '${count}' [from ${word}] ${ODD}`;
      at += count;
    } else {
      reading.rest.push(word);
      at += 1;
    }
  }
  const [operation, ...rest] = reading.rest;
  const { flags, settings, dpkg, quiet } = reading;
  const yes = flags.has('yes') || flags.has('force-yes') || quiet >= 2;
  return { operation, rest, yes, quiet, flags, settings, dpkg };
}

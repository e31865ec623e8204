/**
 * The arguments of storage-add: `data`, `data=2`; a pool or a size, which only an operator may give, is told apart.
 * Source: juju storage/constraints.go (3.6), internal/storage/directive.go (4.0), juju/utils size.go
 */
import { quoted } from './arguments.ts';

const POOL = /^[a-zA-Z]+[-?a-zA-Z0-9]*$/;
const COUNT = /^-?[0-9]+$/;
const SIZE = /^-?[0-9]+(?:\.[0-9]+)?[MGTPEZY](?:i?B)?$/;
const COUNT_MAX = 2n ** 64n - 1n;

/** What Juju 3 calls constraints is a directive in 4. */
type Word = 'constraints' | 'directive';
type Read = { pool?: string; count?: number; size?: string };

function readField(field: string, read: Read, word: Word): string | null {
  if (POOL.test(field)) {
    if (read.pool !== undefined) {
      return `pool name is already set to ${quoted(read.pool)}, new value ${quoted(field)} not valid`;
    }
    read.pool = field;
  } else if (COUNT.test(field) && !(BigInt(field) > COUNT_MAX)) {
    if (field.startsWith('-') || Number(field) === 0) {
      return `cannot parse count: count must be greater than zero, got ${quoted(field)}`;
    }
    if (word === 'directive' && read.count !== undefined) {
      return `storage instance count is already set to ${read.count}, new value ${Number(field)} not valid`;
    }
    read.count = Number(field);
  } else if (SIZE.test(field)) {
    if (field.startsWith('-')) {
      const number = field.replace(/[A-Z].*$/, '');
      return `cannot parse size: expected a non-negative number, got ${quoted(number)}`;
    }
    read.size = field;
  } else {
    const name = word === 'constraints' ? 'constraint' : 'directive';
    return `unrecognized storage ${name} ${quoted(field)} not valid`;
  }
  return null;
}

function readFields(text: string, word: Word): Read | string {
  const read: Read = {};
  for (const field of text.split(',').filter((part) => part !== '')) {
    const trouble = readField(field, read, word);
    if (trouble !== null) return trouble;
  }
  if (Object.keys(read).length > 0) return read;
  const several = word === 'constraints' ? 'constraints' : 'directives';
  return `storage ${several} require at least one field to be specified`;
}

/** How many instances of each storage are asked for; the reason when the words are refused. */
export function storageCounts(
  words: readonly string[],
  word: Word,
): ReadonlyMap<string, number> | string {
  const found = new Map<string, Read>();
  for (const given of words) {
    const [name = '', fields = '1', ...more] = given.split('=');
    if (more.length > 0 || name === '')
      return `expected "name=${word}" or "name", got ${quoted(given)}`;
    if (found.has(name)) return `storage ${quoted(name)} specified more than once`;
    const read = readFields(fields, word);
    if (typeof read === 'string')
      return `cannot parse ${word} for storage ${quoted(name)}: ${read}`;
    found.set(name, read);
  }
  for (const [name, { pool, size }] of found) {
    if (pool !== undefined || size !== undefined)
      return `only count can be specified for ${quoted(name)}`;
  }
  return new Map([...found].map(([name, { count = 1 }]) => [name, count]));
}

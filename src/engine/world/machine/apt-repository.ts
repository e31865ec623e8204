/**
 * add-apt-repository: sources added and removed, in files under /etc/apt/sources.list.d. apt-key: keys that are taken.
 * Source: add-apt-repository(1) of software-properties 0.99, apt-key(8).
 * Not modelled: what Launchpad says of a PPA (its key, whether it is there); fingerprints of keys.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { CODENAMES } from './package-base.ts';
import { updated } from './apt-update.ts';
import { aptOptions, type AptOptions } from './apt-options.ts';
import {
  absolute,
  file,
  inputOf,
  isRoot,
  look,
  release,
  reply,
  textOf,
  type Files,
  type MachineDraw,
  type Program,
  type RootChanges,
} from './program.ts';
import { SOURCE_PATHS } from './sources.ts';

const FOLDER = '/etc/apt/sources.list.d';
const PARTS = ['main', 'universe', 'multiverse', 'restricted'];
const VALUED = /^(?:-[SPUCcps]|--(?:sourceslist|ppa|uri|cloud|component|pocket))$/;

type Wanted = {
  readonly lines: readonly string[];
  readonly file: string;
  readonly remove: boolean;
  readonly update: boolean;
};

function slug(text: string): string {
  return text
    .replace(/^\w+:\/\//, '')
    .replace(/[^a-zA-Z0-9.-]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** One source as a line, and the file that it goes into. */
function sourceOf(code: string, word: string, kind: string): { line: string; file: string } | null {
  const ppa = /^(?:ppa:)?~?([^/]+)\/(?:ubuntu\/)?([^/]+)$/.exec(word);
  if ((word.startsWith('ppa:') || kind === 'ppa') && ppa) {
    const [, owner = '', name = ''] = ppa;
    const address = `https://ppa.launchpadcontent.net/${owner}/${name}/ubuntu/`;
    return { line: `deb ${address} ${code} main`, file: `${owner}-ubuntu-${name}-${code}.list` };
  }
  if (/^deb(?:-src)?\s/.test(word)) {
    const address = /^\S+\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(word)?.[1] ?? '';
    return { line: word, file: `archive_uri-${slug(address)}-${code}.list` };
  }
  if (/^(?:https?|file|ftp):/.test(word)) {
    return { line: `deb ${word} ${code} main`, file: `archive_uri-${slug(word)}-${code}.list` };
  }
  const cloud = /^(?:cloud-archive:|uca:)?([a-z]+)(?:-(proposed|updates))?$/.exec(word);
  if ((/^(?:cloud-archive|uca):/.test(word) || kind === 'cloud') && cloud) {
    const [, name = '', pocket = 'updates'] = cloud;
    const line = `deb http://ubuntu-cloud.archive.canonical.com/ubuntu ${code}-${pocket}/${name} main`;
    return { line, file: `cloudarchive-${name}.list` };
  }
  if (PARTS.includes(word)) return { line: '', file: '' };
  return null;
}

function wantedOf(draw: MachineDraw, { argv }: CommandRequest): Wanted | string | null {
  const code = CODENAMES[release(draw.seen)];
  let [remove, update] = [false, true];
  let where = '';
  const lines: string[] = [];
  const words = argv.slice(1);
  for (let at = 0; at < words.length; at += 1) {
    let word = words[at] as string;
    let kind = '';
    const joined = /^--(sourceslist|ppa|uri|cloud|component|pocket)=(.*)$/s.exec(word);
    if (joined) [kind, word] = [joined[1] ?? '', joined[2] ?? ''];
    else if (VALUED.test(word)) [kind, word] = [word.replace(/^-+/, ''), words[(at += 1)] ?? ''];
    else if (/^(?:-r|--remove)$/.test(word)) remove = true;
    else if (/^(?:-n|--no-update)$/.test(word)) update = false;
    else if (/^(?:-d|--debug|-l|--login|-L|--list|--dry-run|-s|--enable-source)$/.test(word))
      return null;
    if (!joined && word.startsWith('-')) continue;
    const short: Readonly<Record<string, string>> = { P: 'ppa', C: 'cloud' };
    const found = sourceOf(code, word.trim(), short[kind] ?? kind);
    if (!found) return word;
    if (found.line !== '') [where] = [found.file, lines.push(found.line)] as const;
  }
  return { lines, file: where, remove, update };
}

function added({ lines, file: name }: Wanted, files: Files): RootChanges {
  const path = `${FOLDER}/${name}`;
  const before = textOf(files, path) ?? '';
  const fresh = lines.filter((line) => !before.split('\n').includes(line));
  const known = Object.keys(files).some((one) => {
    const text = one.startsWith('/etc/apt/') ? textOf(files, one) : null;
    return fresh.length > 0 && fresh.every((line) => text?.split('\n').includes(line));
  });
  if (fresh.length === 0 || known) return {};
  const more = fresh.map((line) => `${line}\n# ${line.replace(/^deb /, 'deb-src ')}\n`).join('');
  return { [path]: file(`${before}${more}`) };
}

function without({ lines }: Wanted, files: Files): RootChanges {
  const root: RootChanges = {};
  for (const path of Object.keys(files)) {
    const text = path.endsWith('.list') ? textOf(files, path) : null;
    if (text === null) continue;
    const kept = text
      .split('\n')
      .filter((line) => !lines.includes(line.replace(/^#\s*deb-src/, 'deb').trim()));
    if (kept.join('\n') === text) continue;
    const empty = kept.every((line) => line.trim() === '') && path.startsWith(FOLDER);
    root[path] = empty ? { kind: 'removed' } : file(kept.join('\n'));
  }
  return root;
}

function withRoot(files: Files, root: RootChanges): Files {
  const after: Record<string, Files[string]> = { ...files };
  for (const [path, change] of Object.entries(root)) {
    if (change.kind === 'removed') delete after[path];
    else after[path] = change;
  }
  return after;
}

export const addAptRepository: Program = (draw, request): Answer => {
  const wanted = wantedOf(draw, request);
  const name = request.argv[0] ?? '';
  if (wanted === null) return { kind: 'unsupported', what: request.argv.join(' ') };
  if (typeof wanted === 'string') {
    return reply(1, `Unable to handle repository shortcut '${wanted}'\n`);
  }
  if (!isRoot(request)) return reply(1, '', 'Error: must run as root\n');
  const looked = look(request, SOURCE_PATHS);
  if (looked) return looked;
  const files = request.found ?? {};
  const root = wanted.remove ? without(wanted, files) : added(wanted, files);
  const said = wanted.lines.map((line) => `Repository: '${line}'\n`).join('');
  const verb = wanted.remove ? 'Removing' : 'Adding';
  const out = wanted.lines.length === 0 ? '' : `${said}${verb} repository.\n`;
  if (!wanted.update) return reply(0, out, '', root);
  const options = aptOptions(['update']) as AptOptions;
  const after = { ...request, argv: [name], found: withRoot(files, root) };
  const done = updated(draw, after, options);
  if (done.kind !== 'reply') return done;
  return { ...reply(done.code, `${out}${String(done.out)}`, done.err, root) };
};

const DEPRECATED =
  'Warning: apt-key is deprecated. Manage keyring files in trusted.gpg.d instead (see apt-key(8)).\n';

/** Takes a key and keeps it, as it was given. */
export const aptKey: Program = (_draw, request) => {
  const words = request.argv.slice(1).filter((word) => !word.startsWith('--'));
  const [what, path] = words;
  if (what === 'list' || what === 'finger') return reply(0, '', DEPRECATED);
  if (what !== 'add') return { kind: 'unsupported', what: `apt-key ${what ?? ''}`.trim() };
  const from = path === undefined || path === '-' ? '/dev/stdin' : absolute(path, request.cwd);
  const looked = look(request, [from]);
  if (looked) return looked;
  const text = from === '/dev/stdin' ? inputOf(request) : textOf(request.found ?? {}, from);
  if (text === null)
    return reply(2, '', `${DEPRECATED}gpg: can't open '${path}': No such file or directory\n`);
  if (text.trim() === '') return reply(2, '', `${DEPRECATED}gpg: no valid OpenPGP data found.\n`);
  const root = { '/etc/apt/trusted.gpg.d/apt-key.asc': file(text) };
  return reply(0, 'OK\n', DEPRECATED, root);
};

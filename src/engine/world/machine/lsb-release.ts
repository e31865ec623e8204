/**
 * lsb_release: which distribution it is, of /etc/lsb-release.
 * Source: lsb_release(1) of lsb 11.1 and of lsb-release-minimal 12.
 * Not modelled: modules of the LSB; os-release in its place.
 */
import { has, readOptions, type OptionTable } from './program-options.ts';
import { look, reply, textOf, type Program } from './program.ts';

/** In the order in which they are told. */
const PARTS = [
  ['i', 'id', 'Distributor ID', 'DISTRIB_ID'],
  ['d', 'description', 'Description', 'DISTRIB_DESCRIPTION'],
  ['r', 'release', 'Release', 'DISTRIB_RELEASE'],
  ['c', 'codename', 'Codename', 'DISTRIB_CODENAME'],
] as const;
const NAMES = {
  ...Object.fromEntries(PARTS.map(([letter, name]) => [letter, name])),
  v: 'version',
  a: 'all',
  s: 'short',
  h: 'help',
};
const OPTIONS: OptionTable = Object.fromEntries(
  Object.entries(NAMES)
    .flat()
    .map((name) => [name, false]),
);
const PATH = '/etc/lsb-release';

function fieldsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)=(?:"(.*)"|(.*))$/gm)].map(([, name, quoted, plain]) => [
      name,
      quoted ?? plain ?? '',
    ]),
  );
}

export const lsbRelease: Program = (_draw, request) => {
  const options = readOptions(request.argv.slice(1), OPTIONS, NAMES);
  if (options.error !== undefined || options.words.length > 0 || has(options, 'help')) {
    return { kind: 'unsupported', what: request.argv.join(' ') };
  }
  const first = look(request, [PATH]);
  if (first) return first;
  const fields = fieldsOf(textOf(request.found ?? {}, PATH) ?? '');
  const told = PARTS.filter(([, name]) => has(options, name) || has(options, 'all'));
  const short = has(options, 'short');
  const lines = told.map(([, , label, key]) => {
    const value = fields[key] ?? 'n/a';
    return short ? `${value}\n` : `${label}:\t${value}\n`;
  });
  const modules = told.length === 0 || has(options, 'all') || has(options, 'version');
  return reply(0, lines.join(''), modules ? 'No LSB modules are available.\n' : '');
};

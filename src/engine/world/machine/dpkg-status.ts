/**
 * A package as dpkg's database and apt's lists show it, in paragraphs of fields.
 * Source: deb-control(5); fields in the order in which dpkg 1.21.22 and apt 2.6.1 print them (tests/machine/recorded).
 */
import type { Blobs } from '../../model/counterpart.ts';
import { md5 } from './md5.ts';
import type { InstalledPackage, Package } from './package-slice.ts';

const MAINTAINER = 'Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>';

export function conffilesOf({ files = {}, conffiles }: Package): readonly string[] {
  return (
    conffiles ??
    Object.keys(files)
      .filter((path) => path.startsWith('/etc/'))
      .sort()
  );
}

export type StatusWords = { readonly want: string; readonly state: string };

export function statusWords({ state, held }: InstalledPackage): StatusWords {
  if (state === 'config-files') return { want: 'deinstall', state };
  return { want: held ? 'hold' : 'install', state };
}

export function descriptionText(description: string): string {
  const [summary = '', ...rest] = description.replace(/\n$/, '').split('\n');
  return [summary, ...rest.map((line) => (line === '' ? ' .' : ` ${line}`))].join('\n');
}

export function sizeOf({ files = {} }: Package): number {
  const bytes = Object.values(files).map((file) => ('size' in file ? file.size : 0));
  return Math.max(1, Math.ceil(bytes.reduce((sum, size) => sum + size, 0) / 1024)) + 11;
}

function conffileLines(one: InstalledPackage, blobs: Blobs): readonly string[] {
  return conffilesOf(one).map((path) => {
    const file = one.files?.[path];
    if (one.state === 'unpacked') return ` ${path} newconffile`;
    return ` ${path} ${file && 'digest' in file ? md5(blobs.get(file.digest)) : 'newconffile'}`;
  });
}

type Field = readonly [string, string | undefined];

function paragraph(fields: readonly Field[]): string {
  return fields
    .flatMap(([name, value]) => {
      if (value === undefined) return [];
      return value.startsWith('\n') ? [`${name}:${value}`] : [`${name}: ${value}`];
    })
    .join('\n');
}

/** Fields of a package by name, in the order of dpkg's own file. */
export function fieldsOf(name: string, one: InstalledPackage, blobs: Blobs): readonly Field[] {
  const { want, state } = statusWords(one);
  const conf = conffileLines(one, blobs);
  return [
    ['Package', name],
    ['Essential', one.essential ? 'yes' : undefined],
    ['Status', `${want} ok ${state}`],
    ['Priority', one.priority ?? 'optional'],
    ['Section', one.section ?? 'misc'],
    ['Installed-Size', String(sizeOf(one))],
    ['Maintainer', MAINTAINER],
    ['Architecture', one.arch],
    ['Version', one.version],
    ['Config-Version', state === 'config-files' ? one.version : undefined],
    ['Provides', one.provides],
    ['Depends', one.depends],
    ['Recommends', one.recommends],
    ['Conflicts', one.conflicts],
    ['Conffiles', conf.length > 0 ? `\n${conf.join('\n')}` : undefined],
    ['Description', descriptionText(one.description)],
  ];
}

export function statusParagraph(name: string, one: InstalledPackage, blobs: Blobs): string {
  return `${paragraph(fieldsOf(name, one, blobs))}\n`;
}

export function statusText(all: Readonly<Record<string, InstalledPackage>>, blobs: Blobs): string {
  return Object.entries(all)
    .map(([name, one]) => `${statusParagraph(name, one, blobs)}\n`)
    .join('');
}

/** As `apt-cache show` has it. */
export function archiveParagraph(name: string, one: Package): string {
  const pool = `pool/main/${name.startsWith('lib') ? name.slice(0, 4) : name[0]}/${name}`;
  const plain = one.version.replace(/^\d+:/, '');
  return `${paragraph([
    ['Package', name],
    ['Architecture', one.arch],
    ['Version', one.version],
    ['Priority', one.priority ?? 'optional'],
    ['Essential', one.essential ? 'yes' : undefined],
    ['Section', one.section ?? 'misc'],
    ['Origin', one.source === undefined ? 'Ubuntu' : undefined],
    ['Maintainer', MAINTAINER],
    ['Installed-Size', String(sizeOf(one))],
    ['Provides', one.provides],
    ['Depends', one.depends],
    ['Recommends', one.recommends],
    ['Conflicts', one.conflicts],
    ['Filename', `${pool}/${name}_${plain}_${one.arch}.deb`],
    ['Size', String(sizeOf(one) * 1024)],
    ['Description', descriptionText(one.description)],
    ['Description-md5', md5(new TextEncoder().encode(`${one.description.replace(/\n*$/, '')}\n`))],
  ])}\n\n`;
}

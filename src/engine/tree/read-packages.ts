/** The words of `machine:` about packages and snaps. */
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { Mistake } from '../model/mistake.ts';
import {
  asFields,
  asFlag,
  asRecord,
  asText,
  asWhole,
  asWord,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { ContainerFileSpec } from './definition.ts';
import type {
  MachinePackagesSpec,
  PackageSpec,
  PackageUserSpec,
  SnapReleaseSpec,
  SnapSpec,
} from './package-spec.ts';
import { asExecs, asFile, asPaths } from './read-container.ts';
import { asUnit } from './read-machine.ts';
import { asLike, asTexts, orNull, type Like } from './read-shapes.ts';
import {
  CONFINEMENTS,
  PACKAGE_ARCHITECTURES,
  PACKAGE_KEYS,
  PACKAGE_USER_KEYS,
  RELEASE_KEYS,
  SNAP_KEYS,
} from './words.ts';

export const PACKAGE_NAME = '[a-z0-9][a-z0-9+.-]+';
export const PACKAGE_VERSION = '[0-9][A-Za-z0-9.+~:-]*';
export const SNAP_NAME = '[a-z0-9]+(-[a-z0-9]+)*';
export const CHANNEL = '[^/\\s]+(/[^/\\s]+){0,2}';
const A_VERSION: Like = { like: PACKAGE_VERSION, so: 'a version in quotes such as "1.11.0-1"' };
const A_CHANNEL: Like = { like: CHANNEL, so: 'a channel such as "latest/stable"' };

function units(yaml: Yaml, what: string, report: Report): PackageSpec['units'] {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) => asUnit(value, `${what}: ${key}`, report),
  });
}

function user(yaml: Yaml, what: string, report: Report): PackageUserSpec | undefined {
  const fields = asFields(yaml, { what, words: PACKAGE_USER_KEYS }, report);
  if (!fields) return undefined;
  const text = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  return {
    ...take(fields, 'home', text('home')),
    ...take(fields, 'shell', text('shell')),
    ...take(fields, 'comment', text('comment')),
    ...take(fields, 'groups', (one) => asTexts(one, `${what}: groups`, { report })),
  };
}

function users(yaml: Yaml, what: string, report: Report): PackageSpec['users'] {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) => user(value, `${what}: ${key}`, report),
  });
}

/** What a package's file holds is said here: nothing else is read for it. */
function file(yaml: Yaml, what: string, report: Report): ContainerFileSpec | undefined {
  const read = asFile(yaml, what, report);
  if (read === undefined || typeof read === 'string' || !('from' in read)) return read;
  return wrong(report, yaml, { what, expected: 'its text, or a link' });
}

function asPackage(yaml: Yaml, what: string, report: Report): string | PackageSpec | undefined {
  if (yaml.kind !== 'map') return asLike(yaml, what, { ...A_VERSION, report });
  const fields = asFields(yaml, { what, words: PACKAGE_KEYS }, report);
  if (!fields) return undefined;
  const texts = (key: string) => (one: Yaml) => asTexts(one, `${what}: ${key}`, { report });
  const text = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  const arch = { what: `${what}: arch`, words: PACKAGE_ARCHITECTURES };
  return {
    ...take(fields, 'version', (one) => asLike(one, `${what}: version`, { ...A_VERSION, report })),
    ...take(fields, 'versions', (one) =>
      asTexts(one, `${what}: versions`, { report, like: A_VERSION }),
    ),
    ...take(fields, 'arch', (one) => asWord(one, arch, report)),
    ...take(fields, 'description', text('description')),
    ...take(fields, 'depends', texts('depends')),
    ...take(fields, 'recommends', texts('recommends')),
    ...take(fields, 'conflicts', texts('conflicts')),
    ...take(fields, 'provides', texts('provides')),
    ...take(fields, 'files', (one) => asPaths(file)(one, `${what}: files`, report)),
    ...take(fields, 'conffiles', texts('conffiles')),
    ...take(fields, 'units', (one) => units(one, `${what}: units`, report)),
    ...take(fields, 'users', (one) => users(one, `${what}: users`, report)),
    ...take(fields, 'commands', (one) => asExecs(one, `${what}: commands`, report) ?? undefined),
    ...take(fields, 'source', text('source')),
    ...take(fields, 'installed', (one) => asFlag(one, `${what}: installed`, report)),
  };
}

function asRelease(yaml: Yaml, what: string, report: Report): SnapReleaseSpec | undefined {
  const fields = asFields(yaml, { what, words: RELEASE_KEYS }, report);
  const [version, revision] = [fields?.get('version'), fields?.get('revision')];
  if (!version || !revision) {
    return wrong(report, yaml, { what, expected: 'a "version" and a "revision"' });
  }
  const number = asWhole(revision.value, { what: `${what}: revision`, least: 1 }, report);
  const text = asText(version.value, `${what}: version`, report);
  return number === undefined || text === undefined
    ? undefined
    : { version: text, revision: number };
}

function asSnap(yaml: Yaml, what: string, report: Report): SnapSpec | undefined {
  const fields = asFields(yaml, { what, words: SNAP_KEYS }, report);
  if (!fields) return undefined;
  const text = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  const confinement = { what: `${what}: confinement`, words: CONFINEMENTS };
  const record =
    <Value>(kind: string, read: (one: Yaml, what: string, report: Report) => Value | undefined) =>
    (one: Yaml) =>
      asRecord(one, `${what}: ${kind}`, {
        report,
        one: ({ key, value }) => read(value, `${what}: ${kind} ${key}`, report),
      });
  return {
    ...take(fields, 'channels', record('channels', asRelease)),
    ...take(fields, 'confinement', (one) => asWord(one, confinement, report)),
    ...take(fields, 'publisher', text('publisher')),
    ...take(fields, 'summary', text('summary')),
    ...take(fields, 'services', (one) => units(one, `${what}: services`, report)),
    ...take(fields, 'commands', (one) => asExecs(one, `${what}: commands`, report) ?? undefined),
    ...take(fields, 'plugs', record('plugs', asText)),
    ...take(fields, 'installed', (one) =>
      asLike(one, `${what}: installed`, { ...A_CHANNEL, report }),
    ),
  };
}

function isNamed({ key, at }: YamlEntry, pattern: string, report: Report): boolean {
  if (new RegExp(`^${pattern}$`).test(key)) return true;
  const hint = 'Names are in small letters, with digits and dashes: tinyproxy-bin.';
  report(new Mistake(`machine: "${key}" is no name of a package`, { at, hint }));
  return false;
}

/** What the words about packages and snaps say. */
export function machinePackages(fields: Fields, report: Report): MachinePackagesSpec {
  const all =
    <Value>(
      pattern: string,
      kind: string,
      read: (one: Yaml, what: string, report: Report) => Value | undefined,
    ) =>
    (yaml: Yaml) =>
      asRecord(yaml, `machine: ${kind}s`, {
        report,
        one: (entry) =>
          isNamed(entry, pattern, report)
            ? orNull(entry.value, () => read(entry.value, `${kind} ${entry.key}`, report))
            : undefined,
      });
  return {
    ...take(fields, 'packages', all(PACKAGE_NAME, 'package', asPackage)),
    ...take(fields, 'snaps', all(SNAP_NAME, 'snap', asSnap)),
    ...take(fields, 'offline', (one) => asFlag(one, 'machine: offline', report)),
  };
}

/**
 * The texts that declare a charm to what they declare, and to what a pack of them would hold.
 * Source: juju internal/charm (meta.go, config.go, actions.go); charmcraft preprocess.py and services/package.py.
 * Not modelled: charmcraft's extensions, lxd profiles, devices, terms; keys Juju ignores are ignored.
 */
import type { Charm } from '../model/charm.ts';
import type { JsonObject } from '../model/json.ts';
import { Mistake, Mistakes } from '../model/mistake.ts';
import { plain, readYaml, type Report, type Yaml } from '../model/yaml.ts';
import { top } from '../model/yaml-shape.ts';
import { readActions } from './actions.ts';
import { readConfig } from './config.ts';
import { readParts } from './containers.ts';
import { readEndpoints } from './endpoints.ts';
import { byName, declared, expected, flag, given, member, text } from './reading.ts';
import { writtenOf } from './written.ts';

/** The files of a charm that its declarations are read from. */
export const DECLARATION_FILES = [
  'charmcraft.yaml',
  'metadata.yaml',
  'config.yaml',
  'actions.yaml',
] as const;
type FileName = (typeof DECLARATION_FILES)[number];
/** `folder` is the charm's, relative to the project, for messages; `files` are those of the four that exist. */
export type CharmSource = {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
};
type Texts = { readonly [Name in FileName]?: Yaml };

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/;

function pathOf({ folder }: CharmSource, name: string): string {
  return folder === '' || folder === '.' ? name : `${folder}/${name}`;
}

function readTexts(source: CharmSource, report: Report): Texts {
  const read = DECLARATION_FILES.flatMap((name): [string, Yaml][] => {
    const text = source.files[name];
    if (text === undefined) return [];
    try {
      return [[name, readYaml({ file: pathOf(source, name), text }, '1.1', report)]];
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      report(error);
      return [];
    }
  });
  return Object.fromEntries(read);
}

/** Extensions add parts, containers and options that are nowhere in the source. */
function checkCharmcraft(charmcraft: Yaml | undefined, report: Report): void {
  const extensions = member(charmcraft, 'extensions');
  if (extensions?.kind === 'list' && extensions.items.length > 0) {
    const names = extensions.items.map((item) => String(plain(item))).join(', ');
    const hint = 'Write out what "charmcraft expand-extensions" prints, and play that.';
    const message = `the charmcraft extension ${names} is not supported yet`;
    report(new Mistake(message, { at: extensions.at, hint }));
  }
  const type = member(charmcraft, 'type');
  if (type?.kind === 'scalar' && type.value !== 'charm') {
    report(new Mistake(`type: "${String(type.value)}" is no charm`, { at: type.at }));
  }
}

function required(metadata: Yaml, key: string, report: Report): string {
  const found = member(metadata, key);
  if (found) return text(found, `metadata: ${key}`, report) ?? '';
  const hint = `Every charm says its ${key}.`;
  const message = `metadata: ${key}: expected string, got nothing`;
  report(new Mistake(message, { at: metadata.at, hint }));
  return '';
}

function readName(metadata: Yaml, report: Report): string {
  const name = required(metadata, 'name', report);
  const at = member(metadata, 'name')?.at;
  if (name !== '' && !NAME.test(name)) {
    const hint = 'Use lower-case letters, digits and hyphens.';
    report(new Mistake(`"${name}" is not a valid charm name`, { at, hint }));
  }
  return name;
}

/** Whether `assumes` says k8s-api, by itself or within all-of. */
function assumesKubernetes(yaml: Yaml | undefined): boolean {
  if (yaml?.kind !== 'list') return false;
  return yaml.items.some((item) =>
    item.kind === 'scalar' ? item.value === 'k8s-api' : assumesKubernetes(member(item, 'all-of')),
  );
}

function isKubernetes(metadata: Yaml): boolean {
  const series = member(metadata, 'series');
  const legacy =
    series?.kind === 'list' &&
    series.items.some((item) => item.kind === 'scalar' && item.value === 'kubernetes');
  const containers = member(metadata, 'containers');
  const some = containers?.kind === 'map' && containers.entries.length > 0;
  return some || legacy || assumesKubernetes(member(metadata, 'assumes'));
}

/** The classes of payloads that a charm may register; nothing when it declares none. */
function readPayloads(metadata: Yaml, report: Report): Pick<Charm, 'payloads'> {
  const classes = declared(member(metadata, 'payloads'), 'metadata: payloads', report);
  const payloads = byName(classes, ({ name, yaml }) =>
    text(member(yaml, 'type'), `metadata: payloads.${name}.type`, report),
  );
  return classes.length === 0 ? {} : { payloads };
}

function readMetadata(metadata: Yaml, report: Report) {
  const name = readName(metadata, report);
  const subordinate = flag(member(metadata, 'subordinate'), 'metadata: subordinate', report);
  const of = { charm: name, subordinate: subordinate ?? false, report };
  const title = member(metadata, 'title') ?? member(metadata, 'display-name');
  const bindings = declared(member(metadata, 'extra-bindings'), 'metadata: extra-bindings', report);
  return {
    name,
    ...given('title', text(title, 'metadata: display-name', report)),
    summary: required(metadata, 'summary', report),
    description: required(metadata, 'description', report),
    subordinate: of.subordinate,
    endpoints: readEndpoints(metadata, of),
    ...readParts(metadata, report),
    extraBindings: bindings.map((binding) => binding.name),
    ...readPayloads(metadata, report),
    kubernetes: isKubernetes(metadata),
  };
}

/** The config of its own file, or of charmcraft.yaml. */
function configOf(texts: Texts, source: CharmSource, report: Report): Charm['config'] {
  const own = texts['config.yaml'];
  if (own) return readConfig(own, top(pathOf(source, 'config.yaml')), report);
  const section = member(texts['charmcraft.yaml'], 'config');
  return section ? readConfig(section, section.at, report) : {};
}

function missing(source: CharmSource): Mistake {
  const folder = source.folder === '' ? '.' : source.folder;
  const message = `${folder}: no charm here: neither metadata.yaml nor charmcraft.yaml`;
  return new Mistake(message, { hint: 'Name the folder of a charm: "charm: ../my-charm".' });
}

function readDeclarations(source: CharmSource, report: Report): Charm | undefined {
  const texts = readTexts(source, report);
  const charmcraft = texts['charmcraft.yaml'];
  const metadata = texts['metadata.yaml'] ?? charmcraft;
  if (metadata === undefined) return undefined;
  if (metadata === charmcraft) checkCharmcraft(charmcraft, report);
  if (metadata.kind !== 'map') return expected(report, 'metadata', { type: 'map', got: metadata });
  const packed = charmcraft?.kind === 'map' ? writtenOf(plain(charmcraft) as JsonObject) : {};
  const own = DECLARATION_FILES.filter((name) => name !== 'charmcraft.yaml').flatMap((name) =>
    source.files[name] === undefined ? [] : [[name, source.files[name]] as const],
  );
  return {
    ...readMetadata(metadata, report),
    config: configOf(texts, source, report),
    actions: readActions(texts['actions.yaml'] ?? member(charmcraft, 'actions'), report),
    written: { ...packed, ...Object.fromEntries(own) },
  };
}

/** What the charm declares. Throws Mistakes: all that Juju or charmcraft would refuse, in the order of the files. */
export function readCharm(source: CharmSource): Charm {
  if (!['metadata.yaml', 'charmcraft.yaml'].some((name) => name in source.files)) {
    throw new Mistakes([missing(source)]);
  }
  const mistakes: Mistake[] = [];
  const charm = readDeclarations(source, (mistake) => mistakes.push(mistake));
  if (!charm || mistakes.length > 0) throw new Mistakes(mistakes);
  return charm;
}

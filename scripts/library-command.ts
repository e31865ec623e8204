/** `playbill library`: what a tree may use, and with a name what it stands for on the charm that is here. */
import { readCharm } from '../src/engine/charm/read-charm.ts';
import type { Charm } from '../src/engine/model/charm.ts';
import { stableText } from '../src/engine/model/json.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import { wordHint } from '../src/engine/model/yaml-shape.ts';
import { findProject, type Project } from '../src/engine/project/find-project.ts';
import { findCharm, readCharmSource } from '../src/engine/project/read-charm-fs.ts';
import {
  listedEntries,
  listedResponders,
  type ListedEntry,
  type ListedParameter,
  type ListedResponder,
} from '../src/engine/tree/library-listing.ts';
import { LIBRARY_STEPS } from '../src/engine/tree/library-words.ts';
import { printable } from './printable.ts';
import { ownLibrary } from './read-library.ts';

type Options = { readonly charm?: string; readonly json?: boolean };

/** The charm of the project, where it has one of its own. */
function charmOf({ root, isDemo }: Project, charm: string | undefined): Charm | undefined {
  if (charm === undefined && isDemo) return undefined;
  const place = findCharm({ root, ...(charm === undefined ? {} : { charm }) });
  return readCharm(readCharmSource(place));
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`);
}

function ownMark({ own, about }: { readonly own: boolean; readonly about: string }): string {
  return own ? `${about} (this project's)` : about;
}

function listing(
  entries: readonly ListedEntry[],
  responders: readonly ListedResponder[],
): readonly string[] {
  const of = (kind: ListedEntry['kind']) =>
    columns(
      entries.filter((one) => one.kind === kind).map((one) => [one.name, ownMark(one)] as const),
    );
  return [
    'States, for a root or a step',
    ...of('node'),
    '',
    'Subtrees',
    ...of('subtree'),
    '',
    'Steps of their own',
    ...columns(Object.entries(LIBRARY_STEPS)),
    '',
    'Interfaces whose other side answers',
    ...columns(responders.map((one) => [one.interface, ownMark(one)] as const)),
  ];
}

function parameterLine({ name, about, usual, choices, of }: ListedParameter) {
  const more = [
    ...(choices ? [`one of ${choices.join(', ')}`] : []),
    ...(of ? [`of the charm's ${of}s`] : []),
    ...(usual === undefined || usual === null ? [] : [`as usual ${JSON.stringify(usual)}`]),
  ];
  return [name, more.length > 0 ? `${about} (${more.join('; ')})` : about] as const;
}

function page({ about, use, steps, parameters }: ListedEntry): readonly string[] {
  return [
    about,
    ...(parameters.length > 0 ? ['', ...columns(parameters.map(parameterLine))] : []),
    '',
    use,
    '',
    ...(steps === null ? ['The charm has nothing for it, or none is here.'] : ['stands for', '']),
    ...(steps === null ? [] : steps.trimEnd().split('\n')),
  ];
}

function responderPage(one: ListedResponder): readonly string[] {
  return [
    one.about,
    '',
    ...(one.provides === undefined ? [] : [`As provider: ${one.provides}`]),
    ...(one.requires === undefined ? [] : [`As requirer: ${one.requires}`]),
    ...(one.source === '' ? [] : ['', `Source: ${one.source}`]),
  ];
}

export function libraryCommand(name: string | undefined, { charm, json }: Options): void {
  const project = findProject(process.cwd());
  const own = ownLibrary(project);
  const found = charmOf(project, charm);
  const entries = listedEntries({ own, ...(found ? { charm: found } : {}) });
  const responders = listedResponders({ own });
  const print = (lines: readonly string[]): void => {
    for (const line of lines) console.log(printable(line));
  };
  if (name === undefined) {
    if (json) process.stdout.write(stableText({ entries, responders }));
    else print(listing(entries, responders));
    return;
  }
  const entry = entries.find((one) => one.name === name);
  const responder = responders.find((one) => one.interface === name);
  if (!entry && !responder) {
    const names = [...entries.map((one) => one.name), ...responders.map((one) => one.interface)];
    throw new Mistake(`the library has no "${name}"`, { hint: wordHint(name, names, 'It has') });
  }
  if (json) process.stdout.write(stableText(entry ?? responder));
  else print(entry ? page(entry) : responder ? responderPage(responder) : []);
}

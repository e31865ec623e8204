/**
 * What the snap program tells: lists, details, services, configuration, connections.
 * Source: snapd cmd/snapd/cli (cmd_list.go, cmd_info.go, cmd_services.go, cmd_get.go, cmd_connections.go).
 * Not modelled: colours, times; `snap info` tells no more than the tree does.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { reply, type Files, type MachineDraw } from './program.ts';
import * as life from './snap-life.ts';
import { configOf, valueIn } from './snap-settings.ts';
import type { InstalledSnap } from './snap-slice.ts';

export type Options = {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
  /** An option whose quotes do not end. */
  readonly odd?: string;
  /** What snaps that are to be refreshed keep. */
  readonly data?: Files;
};
export function failed(message: string): Answer {
  return reply(1, '', `error: ${message}\n`);
}

/** Cells in columns as wide as their widest, two blanks between. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function notesOf({ classic, devmode, held: hold }: InstalledSnap): string {
  const notes = [
    ...(classic ? ['classic'] : []),
    ...(devmode ? ['devmode'] : []),
    ...(hold ? ['held'] : []),
  ];
  return notes.join(',') || '-';
}

export function list({ seen }: MachineDraw, { words: names }: Options): Answer {
  const all = Object.entries(seen.snaps ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = names.length === 0 ? all : all.filter(([name]) => names.includes(name));
  if (shown.length === 0 && names.length > 0) return failed('no matching snaps installed');
  if (shown.length === 0) {
    return reply(0, '', "No snaps are installed yet. Try 'snap install hello-world'.\n");
  }
  const rows = shown.map(([name, snap]) => [
    name,
    snap.version,
    String(snap.revision),
    snap.tracking,
    snap.offer.publisher,
    notesOf(snap),
  ]);
  return reply(0, table([['Name', 'Version', 'Rev', 'Tracking', 'Publisher', 'Notes'], ...rows]));
}

export function info({ seen }: MachineDraw, { words: [name = ''] }: Options): Answer {
  const snap = life.snapOf(seen, name);
  const offer = life.offerOf(seen, name) ?? snap?.offer;
  if (!offer) return failed(`no snap found for "${name}"`);
  const head = [`name: ${name}`, `summary: ${offer.summary}`, `publisher: ${offer.publisher}`];
  const apps = Object.keys(offer.services ?? {}).map(
    (service) => `  ${name}.${service}: simple, enabled`,
  );
  const channels = Object.entries(offer.channels).map(
    ([channel, { version, revision }]) => `  ${`${channel}:`.padEnd(20)}${version} (${revision}) -`,
  );
  const lines = [
    ...head,
    ...(apps.length > 0 ? ['services:', ...apps] : []),
    ...(snap
      ? [
          `tracking: ${snap.tracking}`,
          `installed: ${snap.version} (${snap.revision}) ${notesOf(snap)}`,
        ]
      : []),
    'channels:',
    ...channels,
  ];
  return reply(0, `${lines.join('\n')}\n`);
}

export function services(draw: MachineDraw, { words: names }: Options): Answer {
  const all = names.length > 0 ? names : Object.keys(draw.seen.snaps ?? {});
  const withAny = all.filter(
    (name) =>
      names.length > 0 ||
      Object.keys(life.snapOf(draw.seen, name)?.offer.services ?? {}).length > 0,
  );
  const units = life.unitsNamed(draw.seen, withAny);
  if (!Array.isArray(units)) return failed((units as life.SnapError).message);
  if (units.length === 0)
    return reply(0, '', 'There are no services provided by installed snaps.\n');
  const rows = (units as readonly string[]).map((unit) => [
    unit.replace(/^snap\.(.*)\.service$/, '$1'),
    'enabled',
    life.isRunning(draw, unit) ? 'active' : 'inactive',
    '-',
  ]);
  return reply(0, table([['Service', 'Startup', 'Current', 'Notes'], ...rows]));
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, '\t');
}

export function get(
  { seen }: MachineDraw,
  { words: [name = '', ...keys], flags }: Options,
): Answer {
  const config = configOf(seen, name);
  if (!config) return failed(`snap "${name}" is not installed`);
  if (keys.length === 0 && Object.keys(config).length === 0) {
    return failed(`snap "${name}" has no configuration`);
  }
  const found = (keys.length === 0 ? Object.keys(config) : keys).map(
    (key) => [key, valueIn(config, key)] as const,
  );
  const missing = found.find(([, value]) => value === undefined);
  if (missing) return failed(`snap "${name}" has no "${missing[0]}" configuration option`);
  const whole = Object.fromEntries(found) as Record<string, Json>;
  if (flags.has('d')) return reply(0, `${JSON.stringify(whole, null, '\t')}\n`);
  if (flags.has('l')) return reply(0, table([['Key', 'Value'], ...rowsOf('', whole)]));
  const only = keys.length === 1 ? (found[0]?.[1] as Json) : undefined;
  if (only !== undefined && !isMap(only)) {
    const plain = typeof only === 'string' && !flags.has('t');
    return reply(0, plain ? `${only}\n` : `${JSON.stringify(only, null, '\t')}\n`);
  }
  const warning =
    "WARNING: The output of 'snap get' will become a list with columns - use -d or -l to force the output format.\\n";
  return reply(0, `${JSON.stringify(only ?? whole, null, '\t')}\n`, warning);
}

function isMap(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function rowsOf(prefix: string, values: JsonObject): readonly (readonly string[])[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value = null]) => [`${prefix}${key}`, isMap(value) ? '{...}' : shown(value)]);
}

export function connections({ seen }: MachineDraw, { words: names }: Options): Answer {
  const rows = Object.entries(seen.snaps ?? {}).flatMap(
    ([name, { offer, connections: own = {} }]) => {
      if (names.length > 0 && !names.includes(name)) return [];
      return Object.entries({ ...offer.plugs, ...own }).map(([plug, of]) => [
        offer.plugs?.[plug] ?? of.replace(/^.*:/, ''),
        `${name}:${plug}`,
        own[plug] ?? '-',
        own[plug] === undefined ? '-' : 'manual',
      ]);
    },
  );
  return reply(
    0,
    rows.length === 0 ? '' : table([['Interface', 'Plug', 'Slot', 'Notes'], ...rows]),
  );
}

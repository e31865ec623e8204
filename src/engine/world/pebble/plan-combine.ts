/**
 * Layers combined into one plan: `override: merge` adds to what lower layers say, `replace` forgets
 * it.
 * Source: pebble plan.CombineLayers and the Merge methods.
 */
import type { Json } from '../../model/json.ts';
import { durationText, parseDuration } from './go-duration.ts';
import {
  entryOf,
  FormatError,
  list,
  namesOf,
  object,
  text,
  type Entries,
  type Entry,
  type LayerData,
  type Plan,
} from './plan.ts';
import { SECTIONS, type Field, type Fields, type Section } from './plan-fields.ts';

const CHECK_PERIOD = '10s';
const CHECK_THRESHOLD = 3;
export type Labelled = { readonly label: string; readonly layer: LayerData };

function mergedField(base: Entry, over: Entry, field: Field): Json | undefined {
  switch (field.kind) {
    case 'strings': {
      const all = [...list(base, field.name), ...list(over, field.name)];
      return all.length === 0 ? undefined : all;
    }
    case 'map':
    case 'object': {
      const [low, high] = [object(base, field.name), object(over, field.name)];
      if (!low || !high)
        return field.kind === 'map' && Object.keys(high ?? {}).length === 0 ? low : (high ?? low);
      return field.kind === 'map' ? { ...low, ...high } : merged(low, high, field.fields ?? []);
    }
    default:
      return Object.hasOwn(over, field.name) ? over[field.name] : base[field.name];
  }
}

function merged(base: Entry, over: Entry, fields: Fields): Entry {
  const entries = fields.flatMap((field): [string, Json][] => {
    const value = field.name === 'override' ? base[field.name] : mergedField(base, over, field);
    return value === undefined ? [] : [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

function combinedEntry(
  base: Entry | undefined,
  over: Entry,
  { label, section, name }: { label: string; section: Section; name: string },
): Entry {
  const about = `${section.noun} ${JSON.stringify(name)}`;
  switch (text(over, 'override')) {
    case 'replace':
      return over;
    case 'merge':
      return base ? merged(base, over, section.fields) : over;
    case '':
      throw new FormatError(`layer ${JSON.stringify(label)} must define "override" for ${about}`);
    default:
      throw new FormatError(
        `layer ${JSON.stringify(label)} has invalid "override" value for ${about}`,
      );
  }
}

/**
 * A check's threshold is written out even when it is the default; a time-out never exceeds the
 * period.
 */
function withDefaults(check: Entry): Entry {
  const period = parseDuration(text(check, 'period') || CHECK_PERIOD);
  const timeout = parseDuration(text(check, 'timeout'));
  const capped = typeof timeout === 'number' && typeof period === 'number' && timeout > period;
  return {
    ...check,
    ...(capped ? { timeout: durationText(period) } : {}),
    threshold: check['threshold'] ?? CHECK_THRESHOLD,
  };
}

/**
 * One layer from several, lowest first. Throws FormatError when an entry does not say how it
 * overrides.
 */
export function combine(layers: readonly Labelled[]): LayerData {
  const plan: Record<Section['name'], Record<string, Entry>> = {
    services: {},
    checks: {},
    'log-targets': {},
  };
  for (const { label, layer } of layers) {
    for (const section of SECTIONS) {
      const entries: Entries = layer[section.name];
      for (const name of namesOf(entries)) {
        const base = entryOf(plan[section.name], name);
        const entry = combinedEntry(base, entries[name]!, { label, section, name });
        plan[section.name] = { ...plan[section.name], [name]: entry };
      }
    }
  }
  const checks = Object.entries(plan.checks).map(([name, check]) => [name, withDefaults(check)]);
  const { summary = '', description = '' } = layers.at(-1)?.layer ?? {};
  return { summary, description, ...plan, checks: Object.fromEntries(checks) as Entries };
}

/** The plan in effect under these layers. */
export function planOf(layers: readonly Labelled[]): Plan {
  const { services, checks, 'log-targets': logTargets } = combine(layers);
  return { services, checks, 'log-targets': logTargets };
}

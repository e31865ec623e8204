/** `fan-out`, `fan-out: {depth: 2, only: [relations, config-changed], except: ['*-broken']}`. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asFlag, asText, asWhole, take, wordHint } from '../model/yaml-shape.ts';
import { nameEvent } from './event-name.ts';
import { EVENT_KINDS, FAN_OUT_KEYS } from './library-words.ts';
import { asSlug } from './read-event.ts';
import { asTexts } from './read-shapes.ts';
import type { FanStep } from './step.ts';

const NAME = 'fan-out';
/** A fan of some depth grows fast: what is more than this was hardly meant. */
const MOST = 10_000;

/** Events by name, by a pattern, or by kind; an action is written by its name. */
function asEvents(yaml: Yaml, what: string, report: Report): readonly string[] | undefined {
  const one = yaml.kind === 'scalar' && typeof yaml.value === 'string';
  const list: Yaml = one ? { kind: 'list', items: [yaml], at: yaml.at } : yaml;
  const words = asTexts(list, what, { report });
  if (!words) return undefined;
  for (const [index, word] of words.entries()) {
    const at = list.kind === 'list' ? list.items[index]?.at : list.at;
    const kinds: readonly string[] = EVENT_KINDS;
    const near = word.includes('*') || kinds.includes(word) ? undefined : wordHint(word, kinds, '');
    const named = nameEvent(word.replaceAll('*', 'x'));
    if (named.kind === 'gone' || named.kind === 'framework') {
      const hint = `Write the name of an event, or one of ${kinds.join(', ')}.`;
      report(new Mistake(`${what}: Juju does not send "${word}"`, { at, hint }));
    } else if (near?.startsWith('Did you mean') && named.kind === 'unknown') {
      report(new Mistake(`${what}: "${word}" is no kind of events`, { at, hint: near }));
    }
  }
  return words;
}

/** A bare `fan-out` has no value. */
export function fanStep({ at, value }: YamlEntry, report: Report): FanStep | undefined {
  const bare = value.kind === 'scalar' && value.value === null;
  const fields = bare ? new Map() : asFields(value, { what: NAME, words: FAN_OUT_KEYS }, report);
  if (!fields) return undefined;
  const whole = (key: string) => (yaml: Yaml) =>
    asWhole(yaml, { what: `${NAME}: ${key}`, least: 1 }, report);
  return {
    kind: 'fan-out',
    fan: {
      depth: 1,
      except: [],
      merge: true,
      most: MOST,
      name: NAME,
      ...take(fields, 'depth', whole('depth')),
      ...take(fields, 'only', (yaml) => asEvents(yaml, `${NAME}: only`, report)),
      ...take(fields, 'except', (yaml) => asEvents(yaml, `${NAME}: except`, report)),
      ...take(fields, 'merge', (yaml) => asFlag(yaml, `${NAME}: merge`, report)),
      ...take(fields, 'most', whole('most')),
      ...take(fields, 'name', (yaml) => asSlug(yaml, `${NAME}: name`, report)),
      ...take(fields, 'about', (yaml) => asText(yaml, `${NAME}: about`, report)),
    },
    at,
  };
}

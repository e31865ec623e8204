/** Names and values that the words of a state share: applications, units, databags, versions. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import { asList, asRecord, asText, wrong } from '../model/yaml-shape.ts';

/** Source: github.com/juju/names (application.go, unit.go, storage.go); ports as opened-ports prints them. */
export const APPLICATION = '[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*';
export const NUMBER = '(0|[1-9][0-9]*)';
export const UNIT = `${APPLICATION}/${NUMBER}`;
export const PORT = `(icmp|${NUMBER}(-${NUMBER})?/(tcp|udp))`;
export const VERSION = '\\d+\\.\\d+(\\.\\d+)?';

/** A whole text is like this, and what it is called in a message. */
export type Like = { readonly like: string; readonly so: string };
const AN_APPLICATION: Like = { like: APPLICATION, so: 'an application name such as "postgresql"' };
export const A_UNIT: Like = { like: UNIT, so: 'a unit such as "postgresql/0"' };
export const A_PORT: Like = { like: PORT, so: 'a port such as "80/tcp", "100-200/udp" or "icmp"' };

export function absent(yaml: Yaml): boolean {
  return yaml.kind === 'scalar' && yaml.value === null;
}

/** null stays null, which removes what was there; anything else is read. */
export function orNull<Value>(
  yaml: Yaml,
  one: (yaml: Yaml) => Value | undefined,
): Value | null | undefined {
  return absent(yaml) ? null : one(yaml);
}

export function isLike(text: string, { like }: Like): boolean {
  return new RegExp(`^(?:${like})$`).test(text);
}

/** Text of a certain form. */
export function asLike(yaml: Yaml, what: string, of: Like & { readonly report: Report }) {
  const text = asText(yaml, what, of.report);
  if (text === undefined || isLike(text, of)) return text;
  return wrong(of.report, yaml, { what, expected: of.so });
}

export function asApplication(yaml: Yaml, what: string, report: Report): string | undefined {
  return asLike(yaml, what, { ...AN_APPLICATION, report });
}

/** A controller's version; `what` names the key it stands under. */
export function asVersion(yaml: Yaml, what: string, report: Report): string | undefined {
  const so = 'a version of Juju such as "3.6.14" or "4.0"';
  if (yaml.kind === 'scalar' && typeof yaml.value === 'number') {
    const { value } = yaml;
    const quoted = Number.isInteger(value) ? `${value}.0` : String(value);
    const hint = `Write it in quotes: "${quoted}".`;
    report(new Mistake(`${what}: expected text, got ${value}`, { at: yaml.at, hint }));
    return undefined;
  }
  return asLike(yaml, what, { like: VERSION, so, report });
}

/** Text by key; null removes a key. */
export function asBag(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) => orNull(value, () => asText(value, `${what}: ${key}`, report)),
  });
}

/** A list of texts, each of a certain form where one is given. */
export function asTexts(
  yaml: Yaml,
  what: string,
  { report, like }: { report: Report; like?: Like },
): readonly string[] | undefined {
  const one = (item: Yaml): string | undefined =>
    like ? asLike(item, what, { ...like, report }) : asText(item, what, report);
  return asList(yaml, what, report)?.flatMap((item) => one(item) ?? []);
}

/** A key of a mapping that must have a form; reported when it has not. */
export function isKey(
  { key, at }: { key: string; at: Mistake['at'] },
  what: string,
  of: Like & { readonly report: Report; readonly hint?: string },
): boolean {
  if (isLike(key, of)) return true;
  const hint = of.hint ?? `Write ${of.so}.`;
  of.report(new Mistake(`${what}: "${key}" is not ${of.so}`, { at, hint }));
  return false;
}

export function asPorts(yaml: Yaml, what: string, report: Report): readonly string[] | undefined {
  return asTexts(yaml, what, { report, like: A_PORT });
}

export function asAbsolute(yaml: Yaml, what: string, report: Report): string | undefined {
  const path = asText(yaml, what, report);
  if (path === undefined || path.startsWith('/')) return path;
  return wrong(report, yaml, { what, expected: 'an absolute path' });
}

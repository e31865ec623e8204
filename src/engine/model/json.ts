/** JSON values, and the one text form in which they are stored: keys sorted, two spaces, a newline at the end. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The same value with every object's keys in code-unit order and undefined members left out. */
export function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value as Json;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** The stored text of a value: equal values give equal bytes. */
export function stableText(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

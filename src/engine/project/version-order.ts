/**
 * Versions of Python and of packages compared, as far as `requires-python` and markers need it.
 * Source: PEP 440 (release segments, ~=, wildcards).
 * Not modelled: pre-releases, post-releases, epochs and local versions, which are read as the
 * release they belong to.
 */

function release(version: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

/** Negative when `a` is older than `b`, 0 when they are the same release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [release(a), release(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function hasPrefix(version: string, prefix: string): boolean {
  const found = release(version);
  return release(prefix).every((part, at) => (found[at] ?? 0) === part);
}

const TESTS: Readonly<Record<string, (version: string, bound: string) => boolean>> = {
  '===': (version, bound) => version === bound,
  '~=': (version, bound) =>
    compareVersions(version, bound) >= 0 &&
    hasPrefix(version, release(bound).slice(0, -1).join('.')),
  '==': (version, bound) =>
    bound.endsWith('.*') ? hasPrefix(version, bound) : compareVersions(version, bound) === 0,
  '!=': (version, bound) =>
    bound.endsWith('.*') ? !hasPrefix(version, bound) : compareVersions(version, bound) !== 0,
  '>=': (version, bound) => compareVersions(version, bound) >= 0,
  '<=': (version, bound) => compareVersions(version, bound) <= 0,
  '>': (version, bound) => compareVersions(version, bound) > 0,
  '<': (version, bound) => compareVersions(version, bound) < 0,
};

/** Whether the version is within `>=3.10,<4`; what cannot be read as a bound holds for none. */
export function satisfies(version: string, specifier: string): boolean {
  const clauses = specifier.split(',').map((clause) => clause.trim());
  return clauses.every((clause) => {
    const [, operator = '', bound = ''] = /^(===|~=|==|!=|>=|<=|>|<)\s*(\S+)$/.exec(clause) ?? [];
    return clause === '' || (TESTS[operator]?.(version, bound) ?? false);
  });
}

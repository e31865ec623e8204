/**
 * Versions of packages: their order, and the relations that dependencies and dpkg's --compare-versions know.
 * Source: deb-version(7); dpkg(1), --compare-versions.
 */

type Parts = { readonly epoch: number; readonly upstream: string; readonly revision: string };

function partsOf(version: string): Parts {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** A tilde comes before the end, the end before letters, letters before anything else. */
function weight(character: string | undefined): number {
  if (character === undefined || isDigit(character)) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** Non-digits and numbers are compared in turn. */
function compareText(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
      const order = weight(a[i]) - weight(b[j]);
      if (order !== 0) return order;
      i += 1;
      j += 1;
    }
    const [, left = ''] = /^0*(\d*)/.exec(a.slice(i)) ?? [];
    const [, right = ''] = /^0*(\d*)/.exec(b.slice(j)) ?? [];
    if (left.length !== right.length) return left.length - right.length;
    if (left !== right) return left < right ? -1 : 1;
    while (isDigit(a[i])) i += 1;
    while (isDigit(b[j])) j += 1;
  }
  return 0;
}

/** Below zero when `a` is the earlier one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    left.epoch - right.epoch ||
    compareText(left.upstream, right.upstream) ||
    compareText(left.revision, right.revision)
  );
}

type Holds = (order: number) => boolean;
const LESS: Holds = (order) => order < 0;
const AT_MOST: Holds = (order) => order <= 0;
const SAME: Holds = (order) => order === 0;
const AT_LEAST: Holds = (order) => order >= 0;
const MORE: Holds = (order) => order > 0;
/** `<` and `>` mean what they always did: or equal. */
const RELATIONS: Readonly<Record<string, Holds>> = {
  ...{ lt: LESS, le: AT_MOST, eq: SAME, ne: (order) => order !== 0, ge: AT_LEAST, gt: MORE },
  ...{ '<<': LESS, '<=': AT_MOST, '=': SAME, '>=': AT_LEAST, '>>': MORE },
  ...{ '<': AT_MOST, '>': AT_LEAST },
};
/** The same, but that no version is later than any. */
const LATE: Readonly<Record<string, string>> = {
  'lt-nl': 'lt',
  'le-nl': 'le',
  'ge-nl': 'ge',
  'gt-nl': 'gt',
};

/** Whether `a` is so to `b`; null when there is no such relation. */
export function relates(a: string, relation: string, b: string): boolean | null {
  const late = LATE[relation];
  const holds = Object.hasOwn(RELATIONS, late ?? relation) ? RELATIONS[late ?? relation] : null;
  if (!holds) return null;
  if (late !== undefined && (a === '' || b === '')) {
    return holds(a === b ? 0 : a === '' ? 1 : -1);
  }
  if (a === '' || b === '') return holds(a === b ? 0 : a === '' ? -1 : 1);
  return holds(compareVersions(a, b));
}

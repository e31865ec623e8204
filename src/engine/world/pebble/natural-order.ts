/**
 * The order of a mapping's keys in Go's YAML: numbers in names by value, other signs before
 * letters.
 * Source: gopkg.in/yaml.v3 sorter.go.
 */
const LETTER = /\p{L}/u;

function numberAt(runes: readonly string[], from: number): string {
  return /^\d*/.exec(runes.slice(from).join(''))?.[0] ?? '';
}

/** Negative when `a` comes before `b`. */
export function naturally(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  let digits = false;
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const [x, y] = [left[index]!, right[index]!];
    if (x === y) {
      digits = /\d/.test(x);
      continue;
    }
    const [letterX, letterY] = [LETTER.test(x), LETTER.test(y)];
    if (letterX && letterY) return x < y ? -1 : 1;
    if (letterX !== letterY) return (digits ? letterX : letterY) ? -1 : 1;
    const [m, n] = [numberAt(left, index), numberAt(right, index)];
    if (m !== '' && n !== '' && Number(m) !== Number(n)) return Number(m) - Number(n);
    if (m.length !== n.length) return m.length - n.length;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/**
 * Environment markers: whether a requirement is for this Python on this platform.
 * Source: PEP 508. Not modelled: `extra`, which locks have already resolved and which holds for
 * none here.
 */
import { satisfies } from './version-order.ts';

/** The markers' variables and what they are here: `python_version`, `sys_platform` … */
export type Markers = Readonly<Record<string, string>>;
type Tokens = { readonly all: readonly string[]; next: number };

const TOKEN = /\s*(\(|\)|"[^"]*"|'[^']*'|===|~=|==|!=|>=|<=|>|<|not\s+in\b|[\w.]+)/y;
const VERSIONS = ['python_version', 'python_full_version', 'implementation_version'];

function tokensOf(marker: string): readonly string[] | null {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < marker.trimEnd().length) {
    const [, token] = TOKEN.exec(marker) ?? [];
    if (token === undefined) return null;
    tokens.push(token.replace(/\s+/, ' '));
  }
  return tokens;
}

function take(tokens: Tokens): string {
  tokens.next += 1;
  return tokens.all[tokens.next - 1] ?? '';
}

function valueOf(token: string, markers: Markers): string {
  return /^["']/.test(token) ? token.slice(1, -1) : (markers[token] ?? '');
}

function compared(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return false;
  }
}

function comparison(tokens: Tokens, markers: Markers): boolean {
  const [left, operator, right] = [take(tokens), take(tokens), take(tokens)];
  const versions = [left, right].some((token) => VERSIONS.includes(token));
  if (!versions || operator.endsWith('in')) {
    return compared(valueOf(left, markers), operator, valueOf(right, markers));
  }
  return VERSIONS.includes(left)
    ? satisfies(valueOf(left, markers), `${operator}${valueOf(right, markers)}`)
    : satisfies(valueOf(right, markers), `${mirrored(operator)}${valueOf(left, markers)}`);
}

function mirrored(operator: string): string {
  const pairs: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
  return pairs[operator] ?? operator;
}

function primary(tokens: Tokens, markers: Markers): boolean {
  if (tokens.all[tokens.next] !== '(') return comparison(tokens, markers);
  take(tokens);
  const inner = either(tokens, markers);
  take(tokens);
  return inner;
}

function both(tokens: Tokens, markers: Markers): boolean {
  let holds = primary(tokens, markers);
  while (tokens.all[tokens.next] === 'and') {
    take(tokens);
    holds = primary(tokens, markers) && holds;
  }
  return holds;
}

function either(tokens: Tokens, markers: Markers): boolean {
  let holds = both(tokens, markers);
  while (tokens.all[tokens.next] === 'or') {
    take(tokens);
    holds = both(tokens, markers) || holds;
  }
  return holds;
}

/** Whether the marker holds; one that is absent does, one that cannot be read does not. */
export function markerHolds(marker: string | undefined, markers: Markers): boolean {
  if (marker === undefined || marker.trim() === '') return true;
  const all = tokensOf(marker);
  if (all === null) return false;
  const tokens = { all, next: 0 };
  const holds = either(tokens, markers);
  return holds && tokens.next === all.length;
}

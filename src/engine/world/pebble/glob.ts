/**
 * A file name against a pattern. Source: Go path.Match: `*`, `?`, `[a-z]`, `[^a]` and `\`; nothing
 * else is special.
 */

function classAt(pattern: string, at: number): { source: string; next: number } | null {
  const negated = pattern.charAt(at + 1) === '^';
  let next = at + (negated ? 2 : 1);
  let inside = '';
  for (let first = true; first || pattern.charAt(next) !== ']'; first = false) {
    const low = charAt(pattern, next);
    if (!low) return null;
    next = low.next;
    if (pattern.charAt(next) !== '-') {
      inside += escape(low.char);
      continue;
    }
    const high = charAt(pattern, next + 1);
    if (!high) return null;
    next = high.next;
    inside += low.char <= high.char ? `${escape(low.char)}-${escape(high.char)}` : '';
  }
  if (inside === '') return { source: negated ? '[^]' : '[]', next: next + 1 };
  return { source: `[${negated ? '^' : ''}${inside}]`, next: next + 1 };
}

function charAt(pattern: string, at: number): { char: string; next: number } | null {
  const [char] = pattern.slice(at);
  if (char === undefined || char === '-' || char === ']') return null;
  if (char !== '\\') return { char, next: at + char.length };
  const [escaped] = pattern.slice(at + 1);
  return escaped === undefined ? null : { char: escaped, next: at + 1 + escaped.length };
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Whether the whole name fits; null when the pattern is malformed. */
export function matches(pattern: string, name: string): boolean | null {
  let source = '';
  for (let at = 0; at < pattern.length;) {
    const [char = ''] = pattern.slice(at);
    if (char === '[') {
      const found = classAt(pattern, at);
      if (!found) return null;
      source += found.source;
      at = found.next;
      continue;
    }
    const literal = char === '\\' ? charAt(pattern, at) : { char, next: at + char.length };
    if (!literal) return null;
    const special = char === '*' ? '[^/]*' : char === '?' ? '[^/]' : undefined;
    source += special ?? escape(literal.char);
    at = literal.next;
  }
  return new RegExp(`^${source}$`, 'su').test(name);
}

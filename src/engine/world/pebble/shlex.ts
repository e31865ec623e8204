/**
 * A command line split into words as Pebble does it.
 * Source: github.com/canonical/x-go/strutil/shlex: POSIX quoting without expansion; `#` begins a
 * comment.
 */
type Split = { readonly words: string[]; word: string | null };

function take(split: Split, text: string): void {
  split.word = (split.word ?? '') + text;
}

/** Reads a quoted part; gives the index after its closing quote, or null at the end of the text. */
function quotedPart(source: string, start: number, split: Split): number | null {
  const quote = source.charAt(start);
  take(split, '');
  for (let index = start + 1; index < source.length; index += 1) {
    const char = source.charAt(index);
    if (char === quote) return index + 1;
    if (char === '\\' && quote === '"') {
      index += 1;
      take(split, source.charAt(index));
    } else take(split, char);
  }
  return null;
}

/** The words, or the text of the error. */
export function splitWords(source: string): readonly string[] | string {
  const split: Split = { words: [], word: null };
  let index = 0;
  while (index < source.length) {
    const char = source.charAt(index);
    if (char === "'" || char === '"') {
      const after = quotedPart(source, index, split);
      if (after === null) return 'EOF found when expecting closing quote';
      index = after;
      continue;
    }
    if (/\s/.test(char)) {
      if (split.word !== null) split.words.push(split.word);
      split.word = null;
    } else if (char === '#' && split.word === null) {
      while (index < source.length && source.charAt(index) !== '\n') index += 1;
    } else if (char === '\\') {
      index += 1;
      if (index >= source.length) return 'EOF found after escape character';
      take(split, source.charAt(index));
    } else take(split, char);
    index += 1;
  }
  return split.word === null ? split.words : [...split.words, split.word];
}

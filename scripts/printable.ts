/** Text from a charm made safe for a terminal: what would move the cursor or hide text is shown as an escape. */

// Control characters except newline and tab, and the marks that reorder or hide text.
// oxlint-disable-next-line no-control-regex
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text.replaceAll('\n', '\\n'));
}

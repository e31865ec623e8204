/** The line of a reason that says most: an exception's first, otherwise the last that was said. */

/** `ChangeError: …`, `ops.model.ModelError: …`. */
const EXCEPTION = /^[A-Za-z_][\w.]*: /;

export function reasonLine(reason: string): string {
  const lines = reason.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  if (!EXCEPTION.test(first)) return lines.at(-1)?.trim() ?? '';
  const more = first.endsWith(':') ? ` ${lines[1]?.trim() ?? ''}` : '';
  return `${first.trim()}${more}`;
}

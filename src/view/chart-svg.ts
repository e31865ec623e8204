/**
 * A drawn chart made part of a page. A drawing is the same wherever it is shown; its links and ids are filled in here.
 * Placeholders are made of private-use characters, which no label can hold (plainText replaces them).
 */

/** A chart shrinks this far to fit; beyond it scrolls inside itself. */
const SMALLEST = 0.75;

/** `hrefs`: where each box leads, in the order of the chart's boxes; null takes the link's target away. */
export function chartSvg(
  drawn: string,
  { id, label, hrefs }: { id: string; label: string; hrefs: readonly (string | null)[] },
): string {
  return drawn
    .replaceAll('\ue000id\ue001', `${id}-`)
    .replace(/href="\ue000n(\d+)\ue001"/g, (_, at: string) => {
      const href = hrefs[Number(at)];
      return href ? `href="${attribute(href)}"` : '';
    })
    .replace(/<svg width="(\d+)"/, (_, width: string) => {
      const least = Math.round(Number(width) * SMALLEST);
      return `<svg aria-label="${attribute(label)}" width="${width}" style="min-width:${least}px"`;
    });
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

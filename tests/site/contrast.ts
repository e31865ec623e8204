/** The least contrast of any text on a page. Runs inside the browser, so it uses nothing from outside itself. */

export type Contrast = {
  readonly checked: number;
  readonly ratio: number;
  readonly text: string;
  readonly colours: string;
};

/** Source: WCAG 2.2, relative luminance and contrast ratio. Text on transparent grounds is on what is below. */
export function worstContrast(): Contrast {
  const parts = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const clear = (colour: string): boolean => colour === 'none' || (parts(colour)[3] ?? 1) === 0;
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = parts(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (from: Element): string => {
    for (let at: Element | null = from; at; at = at.parentElement) {
      const shape = at.matches('g.node') ? at.querySelector('.label-container') : null;
      const colour = shape ? getComputedStyle(shape).fill : getComputedStyle(at).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  let worst = { ratio: 21, text: '', colours: '' };
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const colour = element.closest('svg') ? style.fill : style.color;
    const [high = 0, low = 0] = [luminance(colour), luminance(ground(element))].sort(
      (a, b) => b - a,
    );
    const ratio = (high + 0.05) / (low + 0.05);
    checked += 1;
    if (ratio < worst.ratio)
      worst = {
        ratio,
        text: node.textContent.trim().slice(0, 40),
        colours: `${colour} on ${ground(element)}`,
      };
  }
  return { checked, ...worst };
}

/**
 * The only script readers get: keys, the light or dark choice, copying a chart's text. Pages are whole without it.
 * It is handed over as source, so it uses nothing from outside itself; classic, so it runs from disk.
 */
export function readerScript(): void {
  const root = document.documentElement;
  const key = 'playbill-theme';
  const store = {
    get: (): string | null => {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (value: string): void => {
      try {
        localStorage.setItem(key, value);
      } catch {
        // Some browsers keep nothing for pages opened from disk.
      }
    },
  };
  const kept = store.get();
  if (kept === 'light' || kept === 'dark') root.dataset['theme'] = kept;

  const toggleTheme = (): void => {
    const dark = root.dataset['theme']
      ? root.dataset['theme'] === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset['theme'] = dark ? 'light' : 'dark';
    store.set(root.dataset['theme']);
  };
  const copy = (button: HTMLElement): void => {
    const text = button.closest('details')?.querySelector('pre')?.textContent ?? '';
    const said = (word: string) => () => (button.textContent = word);
    navigator.clipboard?.writeText(text).then(said('Copied'), said('Select the text to copy it'));
  };
  const go = (name: string): void => {
    document.querySelector<HTMLAnchorElement>(`a[data-key~="${name}"]`)?.click();
  };
  document.addEventListener('keydown', (event) => {
    const typing =
      event.target instanceof Element && event.target.closest('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1 && 'jkhlut'.includes(event.key)) go(event.key);
  });
  document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll<HTMLElement>('button[data-do]')) {
      button.hidden = false;
      const does = button.dataset['do'] === 'theme' ? toggleTheme : () => copy(button);
      button.addEventListener('click', does);
    }
  });
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('details.print'))
      folded.setAttribute('open', '');
  });
}

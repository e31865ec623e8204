/** Code as HTML, coloured for light and dark through CSS light-dark(). */
import { createHighlighterCore } from 'shiki/core';
import type { HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

/** Highlighting multiplies a page's size; longer code among other things is shown as it is. Characters. */
const HIGHLIGHTED_MAX = 6_000;
let highlighter: Promise<HighlighterCore> | undefined;

/** HTML of a `<pre>`; all text in it is escaped. */
export async function highlightCode(
  code: string,
  language: string | null,
  most: number = HIGHLIGHTED_MAX,
): Promise<string> {
  const shiki = await (highlighter ??= createHighlighter());
  const known = language !== null && code.length <= most;
  return shiki.codeToHtml(code, {
    lang: known && shiki.getLoadedLanguages().includes(language) ? language : 'text',
    themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    defaultColor: 'light-dark()',
  });
}

function createHighlighter(): Promise<HighlighterCore> {
  return createHighlighterCore({
    engine: createJavaScriptRegexEngine(),
    themes: [
      import('shiki/themes/github-light-high-contrast.mjs'),
      import('shiki/themes/github-dark-high-contrast.mjs'),
    ],
    langs: [
      import('shiki/langs/bash.mjs'),
      import('shiki/langs/ini.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/python.mjs'),
      import('shiki/langs/toml.mjs'),
      import('shiki/langs/yaml.mjs'),
    ],
  });
}

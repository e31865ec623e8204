/** Links are relative, so that they work under any base and from disk. */
import { expect, test } from 'vitest';
import { linkFrom, pagePath } from '../../src/view/links.ts';

test.each([
  ['index.html', 'trees/life.html', 'trees/life.html'],
  ['trees/life.html', 'index.html', '../index.html'],
  ['nodes/life/a/b.html', 'nodes/life/a.html', '../a.html'],
  ['nodes/life.html', 'nodes/life/a.html', 'life/a.html'],
  ['nodes/life/a.html', 'nodes/life/a/b.html', 'a/b.html'],
  ['nodes/life/a.html', 'nodes/life/a.html', 'a.html'],
  ['nodes/a.html', 'nodes/a b?#.html', 'a%20b%3F%23.html'],
])('from %s to %s', (from, to, link) => {
  expect(linkFrom(from, to)).toBe(link);
});

test('a link followed from its page leads to the page it names', () => {
  const pages = [
    pagePath.index(),
    pagePath.tree('t'),
    pagePath.trace('t/a/b'),
    pagePath.node('t'),
    pagePath.node('t/a'),
  ];
  for (const from of pages)
    for (const to of pages)
      expect(new URL(linkFrom(from, to), `file:///base/dir/${from}`).pathname).toBe(
        `/base/dir/${to}`,
      );
});

/** Text from charms is shown without what it could do to a terminal or a reader. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine, plainText } from '../../src/chart/plain-text.ts';

// oxlint-disable-next-line no-control-regex
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ue000\ue001]/;

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['a window title', '\u001b]0;owned\u0007text', 'text'],
  ['a title that is never ended', 'a\u001b]0;owned', 'a'],
  ['a bare escape is shown', 'a\u001b', 'a␛'],
  ['a bell', 'ding\u0007', 'ding␇'],
  ['a line rewritten with a carriage return', 'secret\rshown', 'secret\nshown'],
  ['text turned round', 'a\u202Ecod.exe', 'a\ufffdcod.exe'],
  ['half a character', 'x\ud800y', 'x\ufffdy'],
  ['a chart placeholder', '\ue000n0\ue001', '\ufffdn0\ufffd'],
])('%s', (_, text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test('no control character but tab and newline is ever left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainText(text)).not.toMatch(UNWANTED);
    }),
  );
});

test('one line is never longer than asked, and says when it was cut', () => {
  expect(oneLine('a\nb   c', 10)).toBe('a b c');
  expect(oneLine('abcdefghij', 5)).toBe('abcd…');
});

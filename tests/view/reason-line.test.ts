/** Which line of a reason stands for it where there is room for one. */
import { expect, it } from 'vitest';
import { reasonLine } from '../../src/view/reason-line.ts';

it.each([
  ['an exception’s own line', "KeyError: 'chatty'", "KeyError: 'chatty'"],
  [
    'what an exception counts up',
    'ops.pebble.ChangeError: cannot perform the following tasks:\n- Start service "a" (b)\n-----',
    'ops.pebble.ChangeError: cannot perform the following tasks: - Start service "a" (b)',
  ],
  ['the last that a program said', '+ rm /flag\nrm: no such file\n', 'rm: no such file'],
  ['nothing where nothing was said', '', ''],
])('is %s', (_what, reason, line) => {
  expect(reasonLine(reason)).toBe(line);
});

/** What a tree let go wrong, in a sentence each. */
import { plainText } from '../chart/plain-text.ts';
import type { Fault } from '../engine/model/fault.ts';

function ordinal(n: number): string {
  const ending = { 1: 'st', 2: 'nd', 3: 'rd' }[n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? 'th';
  return n === 1 ? 'first' : `${n}${ending}`;
}

export function faultSentence(fault: Fault): string {
  switch (fault.kind) {
    case 'command': {
      const said = fault.stderr === '' ? '' : `: ${plainText(fault.stderr)}`;
      return `The ${ordinal(fault.nth)} ${plainText(fault.command)} fails with code ${fault.code}${said}`;
    }
    case 'pebble': {
      const from = fault.nth <= 1 ? '' : ` from the ${ordinal(fault.nth)} request on`;
      return `Pebble in ${plainText(fault.container)} cannot be reached${from}`;
    }
    case 'commit':
      return `The controller refuses the commit: ${plainText(fault.message)}`;
    case 'leadership':
      return `Leadership is lost at the ${ordinal(fault.nth)} ${plainText(fault.command)}`;
    case 'death':
      return `The machine dies at the ${ordinal(fault.nth)} ${plainText(fault.command)}, and the hook is run again`;
  }
}

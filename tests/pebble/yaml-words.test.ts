/**
 * What Go's YAML and Pebble say of texts that are no layer. yaml-words.json has what plan.ParseLayer of Pebble 1.32.1,
 * with gopkg.in/yaml.v3 v3.0.1, answered to each text for a layer of the label `l`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLayer } from '../../src/engine/world/pebble/layer-decode.ts';
import { FormatError, NotModelled } from '../../src/engine/world/pebble/plan.ts';
import { firstDocument } from '../../src/engine/world/pebble/yaml-grammar.ts';

const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, 'yaml-words.json'), 'utf8'),
) as readonly (readonly [string, string])[];

function refusal(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

describe('a text that is no layer', () => {
  it.each(RECORDED)('%j is refused in the words of Go', (text, words) => {
    expect(refusal(() => parseLayer('l', text))).toBe(words);
  });

  it('is refused in every family of words that the parser has', () => {
    const words = RECORDED.map(([, all]) => all.replace(/^.*yaml: (?:line \d+: )?/s, ''));
    expect(new Set(words).size).toBeGreaterThan(50);
  });

  it('is read no further than its first document', () => {
    expect(firstDocument('a: 1\n--- \nb: [')).toBe('a: 1\n');
  });

  it('gets an answer, however it was cut and pasted', () => {
    const piece = fc.constantFrom(...'a:-?[]{},"\'#&*!|>%@`\\\n\t ~', ': ', '- ', '\n  ', '--- ');
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    const property = fc.property(text, (given) => {
      try {
        parseLayer('l', given);
      } catch (error) {
        expect(error instanceof FormatError || error instanceof NotModelled).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 2000, seed: 3 });
  });
});

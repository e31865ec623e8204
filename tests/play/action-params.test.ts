/** An action's parameters as the charm gets them. */
import { describe, expect, it } from 'vitest';
import type { ActionSpec } from '../../src/engine/model/charm.ts';
import { actionParams } from '../../src/engine/play/action-params.ts';

const BACKUP: ActionSpec = {
  params: {
    target: { type: 'string', default: 's3' },
    from: { type: 'string' },
    options: {
      type: 'object',
      properties: { level: { type: 'integer', default: 6 }, engine: { type: 'string' } },
    },
    bare: { type: 'object', properties: { deep: { type: 'string' } } },
    whole: { type: 'object', properties: { a: { default: 1 } }, default: { b: 2 } },
  },
  required: [],
};

describe("an action's parameters", () => {
  it.each([
    ['nothing given', {}, { target: 's3', options: { level: 6 }, whole: { b: 2 } }],
    [
      'an object given in part',
      { options: { engine: 'zstd' } },
      { target: 's3', options: { engine: 'zstd', level: 6 }, whole: { b: 2 } },
    ],
    [
      'everything given',
      { target: 'disk', from: 'x', options: { level: 1 }, bare: {}, whole: { a: 2 } },
      { target: 'disk', from: 'x', options: { level: 1 }, bare: {}, whole: { a: 2 } },
    ],
  ])('have the defaults of what was not given, within objects too: %s', (_, given, params) => {
    expect(actionParams(BACKUP, given)).toEqual({ params });
  });

  it('are refused with the word that is wrong', () => {
    expect(actionParams(BACKUP, { options: { level: 'high' } })).toEqual({
      problems: [
        {
          message: "the controller refuses the action's parameters: options/level must be integer",
          rule: 'action-params',
        },
      ],
    });
  });
});

/** config-get. Source: juju jujuc/config-get.go. */
import { expect, it } from 'vitest';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { effectiveConfig } from '../../src/engine/world/juju/config.ts';
import { table } from './rows.ts';
import { CHARM, UNIT } from './unit.ts';

const ALL_TYPES: Charm = {
  ...CHARM,
  config: {
    ...CHARM.config,
    size: { type: 'int', default: 2000000 },
    share: { type: 'float', default: 0.5 },
    password: { type: 'secret' },
    text: { type: 'string', default: '' },
  },
};
const types = { charm: ALL_TYPES };
const set = {
  charm: ALL_TYPES,
  unit: {
    ...UNIT,
    config: { slug: '8080', workers: 3, debug: true, password: 'secret:x', share: 2 },
  },
};

table('config-get', [
  ['prints a value bare', 'config-get slug', [0, 'hello\n', '']],
  ['prints a value in json', 'config-get slug --format=json', [0, '"hello"\n', '']],
  ['prints a value in yaml', 'config-get slug --format=yaml', [0, '"8080"\n', ''], set],
  ['prints what the operator set', 'config-get slug', [0, '8080\n', ''], set],
  ['prints nothing for an option without value', 'config-get workers', [0, '', '']],
  ['has null for it in json', 'config-get workers --format=json', [0, 'null\n', '']],
  ['prints nothing for an unknown option', 'config-get nope', [0, '', '']],
  ['has null for it in json too', 'config-get constructor --format=json', [0, 'null\n', '']],
  ['shows booleans as True and False', 'config-get debug', [0, 'False\n', '']],
  ['shows booleans in json', 'config-get debug --format=json', [0, 'false\n', '']],
  ['shows an integer', 'config-get workers', [0, '3\n', ''], set],
  ['shows a large integer as Go does a float', 'config-get size', [0, '2e+06\n', ''], types],
  [
    'shows a large integer whole in json',
    'config-get size --format=json',
    [0, '2000000\n', ''],
    types,
  ],
  ['shows a float', 'config-get share', [0, '0.5\n', ''], types],
  ['shows a secret by its URI', 'config-get password', [0, 'secret:x\n', ''], set],
  ['prints nothing for an empty text', 'config-get text', [0, '', ''], types],
  ['has an empty text in json', 'config-get text --format=json', [0, '""\n', ''], types],
  ['leaves unset options out', 'config-get', [0, 'debug: false\nslug: hello\n', '']],
  [
    'leaves unset options out of json',
    'config-get --format=json',
    [0, '{"debug":false,"slug":"hello"}\n', ''],
  ],
  ['means the same by an empty key', ['config-get', ''], [0, 'debug: false\nslug: hello\n', '']],
  ['--all has them all', 'config-get --all', [0, 'debug: false\nslug: hello\nworkers: null\n', '']],
  [
    '-a has them all',
    'config-get -a --format json',
    [0, '{"debug":false,"slug":"hello","workers":null}\n', ''],
  ],
  [
    'refuses --all with a key',
    'config-get --all slug',
    [2, '', 'ERROR cannot use argument --all together with key "slug"\n'],
  ],
  ['takes one word', 'config-get slug debug', [2, '', 'ERROR unrecognized args: ["debug"]\n']],
  [
    'refuses an unknown flag',
    'config-get --nope',
    [2, '', 'ERROR option provided but not defined: --nope\n'],
  ],
  [
    'refuses another format',
    'config-get --format=xml',
    [2, '', 'ERROR invalid value "xml" for option --format: unknown format "xml"\n'],
  ],
]);

it.each<[string, string, Json, Json]>([
  ['an integer keeps an integer', 'size', 5, 5],
  ['an integer loses a text', 'size', '5', 2000000],
  ['an integer loses a fraction', 'size', 0.5, 2000000],
  ['a float keeps an integer', 'share', 2, 2],
  ['a text loses a number', 'slug', 5, 'hello'],
  ['a text keeps an empty one', 'slug', '', ''],
  ['a boolean loses a text', 'debug', 'true', false],
  ['a secret keeps a URI', 'password', 'secret:x', 'secret:x'],
  ['a secret loses another text', 'password', 'hunter2', null],
  ['what the operator unset has its default', 'slug', null, 'hello'],
])('after an upgrade %s', (_title, name, value, expected) => {
  expect(effectiveConfig({ ...UNIT, config: { [name]: value } }, ALL_TYPES)[name]).toBe(expected);
});

it('an option that an upgrade removed is gone', () => {
  expect(effectiveConfig({ ...UNIT, config: { old: 'x' } }, CHARM)).not.toHaveProperty('old');
});

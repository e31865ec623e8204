/** add-metric refuses as Juju 3.6 does. Source: juju jujuc/add-metric.go, runner/context/context.go */
import { expect, it } from 'vitest';
import { shown } from './unit.ts';

const NOT_HERE = 'ERROR cannot record metric: metrics not allowed in this context\n';

it.each([
  ['wants a metric', [], [2, '', 'ERROR no metrics specified\n']],
  ['wants key=value', ['a'], [2, '', 'ERROR invalid metrics: expected "key=value", got "a"\n']],
  ['wants a value', ['a= '], [2, '', 'ERROR invalid metrics: expected "key=value", got "a="\n']],
  [
    'wants each key once',
    ['a=1', 'a=2'],
    [2, '', 'ERROR invalid metrics: key "a" specified more than once\n'],
  ],
  [
    'wants labels as key=value',
    ['-l', 'x=1,y', 'a=1'],
    [2, '', 'ERROR invalid labels: expected "key=value", got "y"\n'],
  ],
  [
    'wants values of labels',
    ['--labels=x=', 'a=1'],
    [2, '', 'ERROR invalid labels: expected "key=value", got "x="\n'],
  ],
  [
    'keeps a prefix to itself',
    ['juju-units=1'],
    [1, '', 'ERROR juju-units uses a reserved prefix\n'],
  ],
  ['records nothing outside of collect-metrics', ['a=1'], [1, '', NOT_HERE]],
  ['records nothing with labels either', ['a=1', '--labels', 'x=1,y=2'], [1, '', NOT_HERE]],
] as const)('add-metric %s', (_title, argv, expected) => {
  expect(shown(['add-metric', ...argv])).toEqual(expected);
});

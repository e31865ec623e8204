/** Subtrees that try out what a charm declares: every action, and every config option at the bounds of its type. */
import type { ConfigOption } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import { delta, event, sorted, type LibraryEntry, type Parameter } from './library-entry.ts';
import { sampleParams } from './sample-params.ts';
import { slugOf } from './slug.ts';

/** A value, and what its edge is called after the option. */
type Bound = { readonly called: string; readonly value: Json };

const LONG = 'x'.repeat(256);
/** The least that does not fit the 32 bits which many programs give a number. */
const LARGE = 2 ** 31;

/** Values at the bounds of an option's type. A secret has states rather than values. */
export function bounds({ type }: ConfigOption): readonly Bound[] {
  switch (type) {
    case 'string':
      return [
        { called: 'empty', value: '' },
        { called: 'odd', value: ' "\'<&>\\ é\n' },
        { called: 'long', value: LONG },
      ];
    case 'int':
      return [
        { called: 'zero', value: 0 },
        { called: 'minus-one', value: -1 },
        { called: 'large', value: LARGE },
      ];
    case 'float':
      return [
        { called: 'zero', value: 0 },
        { called: 'minus-one-half', value: -0.5 },
        { called: 'large', value: 1e15 },
      ];
    case 'boolean':
      return [
        { called: 'true', value: true },
        { called: 'false', value: false },
      ];
    case 'secret':
      return [];
  }
}

function setTo(option: string, { called, value }: Bound): readonly Json[] {
  return [
    delta({ config: { [option]: value } }),
    event('config-changed', { name: `${slugOf(option)}-${called}` }),
  ];
}

/** A user's secret that the unit may read, and one that nobody has granted. */
function secretStates(option: string): readonly (readonly Json[])[] {
  const secret = `${slugOf(option)}-value`;
  return [true, false].map((readable) => [
    delta({
      secrets: { [secret]: { owner: 'model', content: { value: 'not-a-secret' }, readable } },
      config: { [option]: `secret:${secret}` },
    }),
    event('config-changed', {
      name: `${slugOf(option)}-${readable ? 'granted' : 'not-granted'}`,
    }),
  ]);
}

function optionTraces(name: string, option: ConfigOption): readonly (readonly Json[])[] {
  if (option.type === 'secret') return secretStates(name);
  return bounds(option)
    .filter(({ value }) => value !== option.default)
    .map((bound) => setTo(name, bound));
}

const list = (value: Json | undefined): readonly string[] => (value ?? []) as readonly string[];

/** Those of `all` that are wanted. */
function chosen(all: readonly string[], only: Json | undefined, except: Json | undefined) {
  const wanted = only === null || only === undefined ? all : list(only);
  return wanted.filter((name) => !list(except).includes(name));
}

function choice(of: 'action' | 'config option', words: string): Record<string, Parameter> {
  return {
    only: { about: `These ${words}; as usual all.`, type: 'names', of, default: null },
    except: { about: `Not these ${words}.`, type: 'names', of, default: [] },
  };
}

function under(branch: string, title: string, each: readonly (readonly Json[])[]): readonly Json[] {
  return each.length === 0 ? [] : [{ branch: { [branch]: { title, steps: [{ each }] } } }];
}

export const VALUES: readonly LibraryEntry[] = [
  {
    name: 'actions',
    about: 'Every action from here, with parameters that fit its schema.',
    kind: 'subtree',
    dynamic: true,
    parameters: choice('action', 'actions'),
    steps: ({ only, except }, { charm }) => {
      const each = chosen(sorted(charm.actions), only, except).map((action): readonly Json[] => {
        const params = sampleParams(charm.actions[action]);
        const none = Object.keys(params).length === 0;
        return [{ run: none ? action : { action, params } }];
      });
      return under('actions', 'every action', each);
    },
  },
  {
    name: 'config-values',
    about: 'Every config option from here, at the bounds of its type.',
    kind: 'subtree',
    dynamic: true,
    parameters: choice('config option', 'options'),
    steps: ({ only, except }, { charm }) => {
      const each = chosen(sorted(charm.config), only, except).flatMap((name) =>
        optionTraces(name, charm.config[name] ?? { type: 'string' }),
      );
      return under('config-values', 'every option at its bounds', each);
    },
  },
];

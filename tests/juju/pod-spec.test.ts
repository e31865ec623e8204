/** The spec commands of Juju 3 answer as Juju's. Source: juju jujuc/k8s-*.go, runner/context/context.go */
import { describe, expect, it } from 'vitest';
import { openHook } from '../../src/engine/world/juju/hook.ts';
import { commitProblems } from '../../src/engine/world/juju/pod-spec.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { CONFIG_CHANGED, run, shown, UNIT } from './unit.ts';

const pod: JujuSlice = { ...UNIT, model: { ...UNIT.model, type: 'kubernetes' } };
const unit = openHook(pod, CONFIG_CHANGED, 0);
const withSpec = { ...unit, podSpec: 'version: 3\n' };
const machine = openHook(UNIT, CONFIG_CHANGED, 0);
const follower = { ...unit, leader: false };
const SPEC = 'version: 3\ncontainers:\n- name: web\n  imageDetails: {imagePath: ubuntu}\n';
const NOT_POD = [1, '', 'ERROR called CAASModel() on a non-CAAS Model not supported\n'] as const;
const NOT_LEADER = [1, '', 'ERROR this unit is not the leader\n'] as const;

describe('commands that read a spec', () => {
  it.each([
    ['k8s-spec-get prints the spec as it is', ['k8s-spec-get'], [0, 'version: 3\n', ''], withSpec],
    ['pod-spec-get is its older name', ['pod-spec-get'], [0, 'version: 3\n', ''], withSpec],
    [
      'k8s-spec-get names a missing spec',
      ['k8s-spec-get'],
      [1, '', 'ERROR podspec for application web not found\n'],
      unit,
    ],
    [
      'k8s-spec-get answers followers too',
      ['k8s-spec-get'],
      [0, 'version: 3\n', ''],
      { ...withSpec, leader: false },
    ],
    ['k8s-spec-get is nothing for machines', ['k8s-spec-get'], NOT_POD, machine],
    [
      'k8s-spec-get takes no words',
      ['k8s-spec-get', 'x'],
      [2, '', 'ERROR unrecognized args: ["x"]\n'],
      unit,
    ],
    [
      'k8s-raw-get names a missing spec',
      ['k8s-raw-get'],
      [1, '', 'ERROR raw k8s spec for application web not found\n'],
      unit,
    ],
    ['k8s-raw-get prints nothing beside a pod’s spec', ['k8s-raw-get'], [0, '', ''], withSpec],
    ['k8s-raw-get is nothing for machines', ['k8s-raw-get'], NOT_POD, machine],
    [
      'k8s-raw-get takes no words',
      ['k8s-raw-get', 'x'],
      [2, '', 'ERROR unrecognized args: ["x"]\n'],
      unit,
    ],
  ] as const)('%s', (_title, argv, expected, of) => {
    expect(shown(argv, { unit: of })).toEqual(expected);
  });
});

describe('commands that set a spec', () => {
  it.each(['k8s-spec-set', 'pod-spec-set'])(
    '%s lands at the commit, and is not read before',
    (name) => {
      const { answer, kept, seen } = run([name, '--file', '-'], { unit: withSpec, stdin: SPEC });
      expect(answer).toEqual({ kind: 'reply', code: 0, out: '' });
      expect(kept).toBe(withSpec);
      expect(seen.podSpec).toBe(SPEC);
      expect(shown(['k8s-spec-get'], { unit: seen })[1]).toBe('version: 3\n');
      const again = run([name, '--file', '-'], { unit: seen, stdin: `${SPEC}# more` });
      expect(shown(['k8s-spec-get'], { unit: again.seen })[1]).toBe('version: 3\n');
    },
  );

  it.each([
    ['is for leaders', SPEC, NOT_LEADER, follower],
    [
      'wants a spec',
      '',
      [
        1,
        '',
        'ERROR no k8s spec specified: pipe k8s spec to command, or specify a file with --file\n',
      ],
      unit,
    ],
    [
      'knows no later version',
      'version: 4\n',
      [1, '', 'ERROR latest supported version 3, but got podspec version 4\n'],
      unit,
    ],
    [
      'wants a container',
      'version: 3\n',
      [1, '', 'ERROR require at least one container spec\n'],
      unit,
    ],
    ['wants names', 'containers: [{image: a}]', [1, '', 'ERROR spec name is missing\n'], unit],
    [
      'wants images',
      'containers: [{name: a}]',
      [1, '', 'ERROR spec image details is missing\n'],
      unit,
    ],
    [
      'takes the oldest way to say an image',
      'containers: [{name: a, image: b}]',
      [0, '', ''],
      unit,
    ],
  ] as const)('k8s-spec-set %s', (_title, stdin, expected, of) => {
    expect(shown(['k8s-spec-set', '--file', '-'], { unit: of, stdin })).toEqual(expected);
  });

  it('k8s-spec-set reads a spec for a machine, and drops it', () => {
    const { answer, seen } = run(['k8s-spec-set', '--file', '-'], { unit: machine, stdin: SPEC });
    expect(answer).toEqual({ kind: 'reply', code: 0, out: '' });
    expect(seen).toBe(machine);
  });

  it('k8s-raw-set is taken, and refused at the commit', () => {
    const { kept, seen } = run(['k8s-raw-set', '--file', '-'], { unit, stdin: 'a: b' });
    expect(kept).toBe(unit);
    const message =
      'cannot apply changes: feature flag "raw-k8s-spec" is required for setting raw k8s spec';
    expect(commitProblems(kept, seen)).toEqual([{ message }]);
  });

  it.each([
    ['is for leaders', 'a: b', NOT_LEADER, follower],
    [
      'wants a spec',
      '',
      [
        1,
        '',
        'ERROR no k8s raw spec specified: pipe k8s raw spec to command, or specify a file with --file\n',
      ],
      unit,
    ],
  ] as const)('k8s-raw-set %s', (_title, stdin, expected, of) => {
    expect(shown(['k8s-raw-set', '--file', '-'], { unit: of, stdin })).toEqual(expected);
  });

  it.each(['k8s-spec-set', 'k8s-raw-set'])(
    '%s takes no words, and names a missing file',
    (name) => {
      expect(shown([name, 'x'], { unit })).toEqual([2, '', 'ERROR unrecognized args: ["x"]\n']);
      const message = 'ERROR open /spec.yaml: no such file or directory\n';
      expect(shown([name, '--file', 'spec.yaml'], { unit })).toEqual([1, '', message]);
    },
  );

  it.each([
    ['pod-spec-set reading its stdin', ['pod-spec-set'], {}],
    ['k8s-raw-set reading its stdin', ['k8s-raw-set'], {}],
    ['k8s-spec-set --k8s-resources', ['k8s-spec-set', '--k8s-resources', 'f'], { stdin: SPEC }],
    ['k8s-spec-set with what is no YAML mapping', ['k8s-spec-set', '--file=-'], { stdin: '"' }],
    ['k8s-spec-set with what is no YAML mapping', ['k8s-spec-set', '--file=-'], { stdin: '- a' }],
  ])('%s is refused by name', (what, argv, more) => {
    expect(run(argv, { unit, ...more }).answer).toEqual({ kind: 'unsupported', what });
  });
});

describe('the controller, given specs at the commit,', () => {
  const set = (of: JujuSlice, name: string) =>
    run([name, '--file=-'], { unit: of, stdin: SPEC }).seen;
  const messages = (seen: JujuSlice) => commitProblems(unit, seen).map(({ message }) => message);

  it('takes a pod’s spec of the leader', () => {
    expect(messages(set(unit, 'k8s-spec-set'))).toEqual([]);
    expect(messages(unit)).toEqual([]);
  });

  it('takes one of the two kinds', () => {
    const both = set(set(unit, 'k8s-spec-set'), 'k8s-raw-set');
    const either =
      'either k8s-spec-set or k8s-raw-set can be run for each application, but not both';
    expect(messages(both)).toEqual([either]);
  });

  it('refuses a unit that leads no more', () => {
    const lost = { ...set(unit, 'k8s-spec-set'), leader: false };
    expect(messages(lost)).toEqual(['this unit is not the leader']);
  });

  it('is told nothing of a machine’s specs', () => {
    expect(messages(set(machine, 'k8s-raw-set'))).toEqual([]);
  });
});

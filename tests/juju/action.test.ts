/** Action commands, and the results at an action's end, are Juju's. Source: juju jujuc/action-*.go, runner */
import { describe, expect, it } from 'vitest';
import type { End } from '../../src/engine/model/outcome.ts';
import { finishedAction, type ActionEnd } from '../../src/engine/world/juju/action.ts';
import { openHook } from '../../src/engine/world/juju/hook.ts';
import type { ActionRun } from '../../src/engine/world/juju/slice.ts';
import { run, shown, UNIT } from './unit.ts';

const params = { to: { host: 'h', tags: ['a', 'b'] }, n: 2, ratio: 0.5, deep: false };
const unit = openHook(UNIT, { kind: 'action', name: 'backup', params }, 0);
const NOT_RUNNING = [1, '', 'ERROR not running an action\n'] as const;
const rule = (key: string) =>
  `ERROR key "${key}" must start and end with lowercase alphanumeric, ` +
  'and contain only lowercase alphanumeric, hyphens and periods\n';

describe('action commands', () => {
  it.each([
    ['action-get reads a nested parameter', ['action-get', 'to.host'], [0, 'h\n', '']],
    ['action-get prints flags', ['action-get', 'deep'], [0, 'False\n', '']],
    ['action-get prints numbers', ['action-get', 'ratio'], [0, '0.5\n', '']],
    ['action-get prints lists as YAML', ['action-get', 'to.tags'], [0, '- a\n- b\n', '']],
    [
      'action-get prints mappings as YAML',
      ['action-get', 'to'],
      [0, 'host: h\ntags:\n- a\n- b\n', ''],
    ],
    [
      'action-get prints all parameters',
      ['action-get', '--format=json'],
      [0, '{"deep":false,"n":2,"ratio":0.5,"to":{"host":"h","tags":["a","b"]}}\n', ''],
    ],
    ['action-get prints YAML', ['action-get', 'n', '--format=yaml'], [0, '2\n', '']],
    ['action-get prints nothing for an unknown key', ['action-get', 'nope'], [0, '', '']],
    [
      'action-get has null for an unknown key',
      ['action-get', 'to.nope', '--format=json'],
      [0, 'null\n', ''],
    ],
    ['action-get finds nothing below a text', ['action-get', 'to.host.x'], [0, '', '']],
    ['action-get finds nothing below a list', ['action-get', 'to.tags.0'], [0, '', '']],
    [
      'action-get knows no key that objects have by nature',
      ['action-get', 'constructor'],
      [0, '', ''],
    ],
    [
      'action-get takes one key',
      ['action-get', 'a', 'b'],
      [2, '', 'ERROR unrecognized args: ["b"]\n'],
    ],
    [
      'action-set wants key=value',
      ['action-set', 'a'],
      [2, '', 'ERROR argument "a" must be of the form key...=value\n'],
    ],
    ['action-set refuses capitals', ['action-set', 'A=1'], [2, '', rule('A')]],
    ['action-set refuses underscores', ['action-set', 'a.b_c=1'], [2, '', rule('b_c')]],
    ['action-set refuses empty parts of a key', ['action-set', 'a..b=1'], [2, '', rule('')]],
    ['action-set refuses a dangling hyphen', ['action-set', 'a-=1'], [2, '', rule('a-')]],
    ...['stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'].map(
      (key) =>
        [
          `action-set keeps ${key} to Juju`,
          ['action-set', `a.${key}=1`],
          [2, '', `ERROR cannot set reserved action key "${key}"\n`],
        ] as const,
    ),
    ['action-set minds no missing words', ['action-set'], [0, '', '']],
    [
      'action-fail takes one message',
      ['action-fail', 'a', 'b'],
      [2, '', 'ERROR unrecognized args: ["b"]\n'],
    ],
    ['action-log wants a message', ['action-log'], [2, '', 'ERROR no message specified\n']],
  ] as const)('%s', (_title, argv, expected) => {
    expect(shown(argv, { unit })).toEqual(expected);
  });

  it.each([
    ['action-get', [], NOT_RUNNING],
    ['action-set', ['a=b'], NOT_RUNNING],
    ['action-fail', [], NOT_RUNNING],
    ['action-log', ['m'], NOT_RUNNING],
    ['action-set', ['a'], [2, '', 'ERROR argument "a" must be of the form key...=value\n']],
    ['action-get', ['a', 'b'], [2, '', 'ERROR unrecognized args: ["b"]\n']],
  ] as const)(
    'outside of an action %s reads its arguments, and refuses',
    (name, words, expected) => {
      expect(shown([name, ...words])).toEqual(expected);
    },
  );

  it('action-set nests by dots, as written, and survives a failing action', () => {
    const { kept } = run(['action-set', 'a.b=1', 'a.c= 2 ', 'd=x=y', 'd.e=3', 'constructor.x='], {
      unit,
    });
    expect(kept.action?.results).toEqual({
      a: { b: '1', c: ' 2 ' },
      d: { e: '3' },
      constructor: { x: '' },
    });
    const over = run(['action-set', 'a=flat'], { unit: kept }).kept;
    expect(over.action?.results['a']).toBe('flat');
  });

  it('action-fail and action-log write at once', () => {
    const reason = (argv: readonly string[]) => run(argv, { unit }).kept.action?.failure;
    expect(reason(['action-fail', 'disk full'])).toBe('disk full');
    const none = 'action failed without reason given, check action for errors';
    expect(reason(['action-fail'])).toBe(none);
    expect(run(['action-log', 'one', 'two'], { unit }).kept.action?.log).toEqual(['one two']);
  });
});

describe('an action’s end', () => {
  const action: ActionRun = {
    name: 'backup',
    params: {},
    results: { a: '1' },
    log: [],
    failure: null,
  };
  const ended = (end: End, more: Partial<ActionEnd> = {}, of: ActionRun = action) => {
    const at = { unit: 'web/0', end, said: { stdout: '', stderr: '' }, refused: [], ...more };
    const { results, failure } = finishedAction(of, at);
    return { results, failure };
  };
  const exited = (code: number): End => ({ kind: 'exited', code });

  it('adds the exit code, and what the program printed', () => {
    expect(ended(exited(0))).toEqual({ results: { a: '1', 'return-code': 0 }, failure: null });
    expect(ended(exited(0), { said: { stdout: 'x\n\n', stderr: 'y\n' } }).results).toEqual({
      a: '1',
      'return-code': 0,
      stdout: 'x\n\n',
      stderr: 'y\n',
    });
  });

  it('keeps what action-fail said of a program that was content', () => {
    expect(ended(exited(0), {}, { ...action, failure: 'why' }).failure).toBe('why');
  });

  it.each([
    [exited(3), 3, 'exit status 3'],
    [{ kind: 'killed', signal: 'SIGKILL' }, -1, 'terminated'],
    [{ kind: 'not-started', reason: 'permission denied' }, -1, 'permission denied'],
  ] as const)('says how the program failed: %j', (end, code, failure) => {
    const failed = ended(end, {}, { ...action, failure: 'why' });
    expect(failed).toEqual({ results: { a: '1', 'return-code': code }, failure });
  });

  it('says that there is no such action', () => {
    const failure = 'action not implemented on unit "web/0"';
    expect(ended({ kind: 'missing' })).toEqual({ results: { a: '1' }, failure });
  });

  it('tells on stderr why the controller refused its changes', () => {
    const refused = [{ message: 'no' }];
    expect(ended(exited(0), { refused, said: { stdout: '', stderr: 'y\n' } })).toEqual({
      results: { a: '1', 'return-code': 0, stderr: 'y\n\nno' },
      failure: 'committing requested changes failed',
    });
    expect(ended(exited(0), { refused }).results['stderr']).toBe('no');
    expect(ended(exited(0), { refused }, { ...action, failure: 'why' }).failure).toBe('why');
  });
});

/** `--help` of every hook command: usage, options and defaults as Juju has them. */
import { describe, expect, it } from 'vitest';
import { hookCommandNames, HELPS, HOOK_COMMANDS } from '../../src/engine/world/juju/table.ts';
import { DB_CHANGED, shown, UNIT } from './unit.ts';

const COMMANDS = hookCommandNames(UNIT);

function help(name: string, more: Parameters<typeof shown>[1] = {}): string {
  const [code, out, err] = shown([name, '--help'], more);
  expect([code, err]).toEqual([0, '']);
  return out;
}

/** The names in a help's list of options, without dashes. */
function options(text: string): readonly string[] {
  const list = /\nOptions:\n([^]*?)(?:\n\n|$)/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/^(-\S.*?) +\(= /gm)]
    .flatMap(([, names = '']) => names.split(', '))
    .map((name) => name.replace(/^-+/, ''))
    .sort();
}

describe('help', () => {
  it('has the layout of juju/cmd', () => {
    expect(help('status-get')).toBe(`Usage: status-get [options] [--include-data] [--application]

Summary:
Print the status of the workload.

Options:
--application  (= false)
    Print the application’s status and its units’, which only the leader may
--format  (= smart)
    Choose the output format (json|smart|yaml)
--include-data  (= false)
    Print message and data of the status too
-o, --output (= "")
    Write to this file

Details:
The status is read once per hook: a status-set in between is not seen.
`);
  });

  it('leaves out what a command does not have', () => {
    expect(help('action-log', { unit: UNIT })).toBe(
      'Usage: action-log <message>\n\nSummary:\nReport how far the action has come.\n',
    );
  });

  it('of relation-set tells of --file, which charm-helpers looks for', () => {
    expect(help('relation-set')).toContain('--file  (= )\n');
  });

  it('comes before anything is looked at', () => {
    expect(shown(['relation-get', '-h'])[0]).toBe(0);
    expect(shown(['action-get', '--help'])[0]).toBe(0);
  });

  it('knows the relation hook it is asked for in', () => {
    const inChanged = { event: DB_CHANGED };
    expect(help('relation-get', inChanged)).toMatch(
      /^Usage: relation-get \[options\] \[<key> \[<unit id>\]\]\n/,
    );
    expect(help('relation-get', inChanged)).toContain('Current default unit id is "postgresql/0".');
    expect(help('relation-get')).toMatch(/^Usage: relation-get \[options\] <key> <unit id>\n/);
    expect(help('relation-set', inChanged)).toContain('-r, --relation  (= db:1)\n');
    expect(help('relation-set')).toContain('-r, --relation  (= )\n');
    expect(help('relation-ids', inChanged)).toContain('Current default endpoint name is "db".');
    expect(help('relation-list')).toContain('-r');
    expect(help('relation-list', inChanged)).not.toContain('Details:');
  });

  it.each(COMMANDS)('%s tells of the options it takes', (name) => {
    const text = help(name);
    expect(text).toMatch(new RegExp(`^Usage: ${name}( .*)?\\n\\nSummary:\\n\\S.*\\n`));
    const flags = Object.entries(HOOK_COMMANDS[name]?.flags ?? {});
    const taken = flags.flatMap(([flag, { short, also }]) =>
      [flag, short ?? [], also ?? []].flat(),
    );
    if (HOOK_COMMANDS[name]) expect(options(text)).toEqual(taken.sort());
  });

  it('is there for every command and for no other', () => {
    expect(Object.keys(HELPS).sort()).toEqual([...COMMANDS].sort());
  });
});

describe('the commands on PATH', () => {
  it('are those of the unit’s Juju', () => {
    const juju4 = hookCommandNames({ ...UNIT, version: '4.0.1' });
    const gone = COMMANDS.filter((name) => !juju4.includes(name));
    expect(gone).toEqual([
      'add-metric',
      'k8s-raw-get',
      'k8s-raw-set',
      'k8s-spec-get',
      'k8s-spec-set',
      'leader-get',
      'leader-set',
      'payload-register',
      'payload-status-set',
      'payload-unregister',
      'pod-spec-get',
      'pod-spec-set',
    ]);
    expect(juju4).toHaveLength(38);
  });
});

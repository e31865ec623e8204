/**
 * What real programs said in a throw-away machine, recorded once, beside what ours say.
 * Source: systemd 252 and shadow-utils 4.13 of Debian 12, as pid 1 of a namespace over an overlay (recorded/*.json).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Machine } from './unit-machine.ts';

type Step = {
  readonly files?: Readonly<Record<string, string | null | { readonly link: string }>>;
  readonly run?: readonly string[];
  readonly stdin?: string;
  readonly show?: readonly string[];
  readonly found?: Readonly<Record<string, unknown>>;
  readonly wait?: number;
  readonly code?: number;
  readonly out?: string;
  readonly err?: string;
};

function recorded(name: string): readonly Step[] {
  return JSON.parse(readFileSync(`tests/machine/recorded/${name}.json`, 'utf8')) as readonly Step[];
}

/** What differs from run to run, or is not modelled, left out. */
function plain(text = ''): string {
  return text
    .replace(/(?:\w{3} )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC(?:; [^\n]*)?/g, 'WHEN')
    .replace(/^ +(?:Memory|Tasks|CPU|Duration|Trigger|Listen): .*\n/gm, '')
    .replace(/^ +Process: \d+ Exec.*\n/gm, '')
    .replace(/^ +CGroup: .*\n(?: +└─.*\n)*/gm, '')
    .replace(/(Main PID: )\d+/g, '$1PID')
    .replace(/(PID=)[1-9]\d*/g, '$1PID')
    .replace(/ (?:pid|start_time|stop_time|code|status)=[^;}]*[;}]\n?/g, '')
    .replace(/^(?:LOAD {3}= |Legend: )[\s\S]*?unit type\.\n\n?/gm, 'LEGEND\n')
    .replace(/^(?:info|warn|fatal|adduser|addgroup|deluser|delgroup): /gm, '')
    .replace(/^Usage: (.*)\n[\s\S]*$/m, 'Usage: $1\n')
    .replace(/(?:^|\n)(?:\w{3} \d\d \d\d:\d\d:\d\d app-0 .*\n)+/g, '');
}

/** Lines whose order is that of a folder on a disk. */
function unordered(text: string): string {
  const lines = text.split('\n');
  return lines.every((line) => line === '' || line.startsWith('Removed '))
    ? lines.sort().join('\n')
    : text;
}

/** How the programs of the recorded units behave: a machine of files runs none. */
function programOf(text: string) {
  const line = /^ExecStart=(.*)$/gm.exec(text)?.[1] ?? '';
  if (/\/false/.test(line)) return { exits: 1 };
  if (/\/true|exit 0/.test(line)) return { exits: 0 };
  return {};
}

function setFiles(machine: Machine, files: NonNullable<Step['files']>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) machine.files.delete(path);
    else if (typeof text === 'string') {
      machine.write(path, text);
      const name = path.split('/').at(-1) ?? '';
      const unitPrograms = { ...machine.slice.unitPrograms, [name]: programOf(text) };
      machine.slice = { ...machine.slice, unitPrograms };
    } else machine.link(path, text.link);
  }
}

/** Files that ours are not the same as. */
function otherFiles(machine: Machine, { show = [], found = {} }: Step, line: string): Differs[] {
  return show.flatMap((path) => {
    const real = found[path];
    const ours = machine.text(path);
    if (typeof real !== 'string' || real === ours) return [];
    return [{ line: `${line} ${path}`, because: `${real}\n ≠\n${ours}` }];
  });
}

type Differs = { readonly line: string; readonly because: string };

function differences(
  machine: Machine,
  steps: readonly Step[],
  known: Readonly<Record<string, string>>,
): Differs[] {
  const differs: Differs[] = [];
  for (const [at, step] of steps.entries()) {
    if (step.files) setFiles(machine, step.files);
    if (step.wait !== undefined) machine.pass(step.wait * 1000);
    if (step.show) differs.push(...otherFiles(machine, step, `${at} files`));
    if (!step.run) continue;
    const line = step.run.join(' ');
    const ours = machine.run(step.run, { stdin: step.stdin ?? '' });
    const same = (a: string, b: string): boolean => unordered(plain(a)) === unordered(plain(b));
    const is =
      ours.code === step.code && same(ours.out, step.out ?? '') && same(ours.err, step.err ?? '');
    const place = `${at} ${line}`;
    if (is && !Object.hasOwn(known, place)) continue;
    if (!is && Object.hasOwn(known, place)) continue;
    differs.push({
      line: place,
      because: `${step.code}|${plain(step.out)}|${plain(step.err)} ≠ ${ours.code}|${plain(ours.out)}|${plain(ours.err)}`,
    });
  }
  return differs;
}

const RELEASE = 'what there is none of, 255 answers with 4 (pull request 25689 of systemd/systemd)';
const READY = 'a service that tells when it is ready tells so at once here';
const BASE = 'Ubuntu has units of its own';
const LIMIT = 'starts by hand are never too many here';
const ALIAS = 'a unit that only its alias enables counts as enabled here';
const RUNS = 'an argument that a program does not take does not make it fail here';
const CRON = 'Ubuntu has cron, and nothing to say of it';
const SHELL = 'what a script of a shell does is not known: the tree says it';
const LEFT = 'the throw-away machine had this file left from before';
/** Where ours is known to say something else, by place and command. */
const DIFFERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'systemctl-252': {
    '7 systemctl is-active nope': RELEASE,
    '8 systemctl is-enabled nope': RELEASE,
    '9 systemctl is-failed nope': RELEASE,
    '21 systemctl is-enabled nope': RELEASE,
    '23 systemctl -q is-active nope': RELEASE,
    '130 systemctl start app': READY,
    '131 systemctl is-active app': READY,
    '132 systemctl status app': READY,
  },
  'systemctl-more-252': {
    '0 systemctl stop app': LEFT,
    '28 systemctl list-units app*': BASE,
    '46 systemctl list-unit-files tpl@* app*': BASE,
    '107 systemctl is-enabled app nope': RELEASE,
    '119 systemctl list-unit-files --no-legend app.service tiny.target': ALIAS,
    '122 systemctl is-system-running': RUNS,
    '123 systemctl list-timers': BASE,
    '168 systemctl start app': LIMIT,
    '193 systemctl status app': LEFT,
  },
  'journal-252': {
    '33 journalctl -u k5 --no-pager -o cat': SHELL,
    '61 journalctl -u k10 --no-pager -o cat':
      'of 255 a service that starts again was not stopped before',
    '79 systemctl start k14': READY,
    '81 journalctl -u k14 --no-pager -o cat': READY,
    '98 journalctl -u k17 --no-pager -o cat': SHELL,
  },
  'users-4.13': { '101 deluser q': CRON, '107 deluser --remove-home normal': CRON },
  'users-more-4.13': { '43 deluser --system w': CRON },
};

function machineFor(release: '22.04' | '24.04'): Machine {
  const machine = new Machine({
    base: `ubuntu@${release}`,
    execs: [
      { command: ['false'], exit: 1 },
      { command: ['sh', '-c', 'exit 3'], exit: 3 },
    ],
  });
  machine.write('/etc/systemd/system/tiny.target', '[Unit]\nDescription=Tiny\n');
  machine.link('/etc/systemd/system/default.target', 'tiny.target');
  return machine;
}

describe('systemctl', () => {
  it.each(['systemctl-252', 'systemctl-more-252'])('says what the real one said: %s', (name) => {
    expect(differences(machineFor('24.04'), recorded(name), DIFFERS[name] ?? {})).toEqual([]);
  });

  it('says of what there is none as older releases did', () => {
    const steps = recorded('systemctl-252').slice(0, 24);
    const quotes = { '14 systemctl unmask nope': 'of 249 a removed link stands without quotes' };
    expect(differences(machineFor('22.04'), steps, quotes)).toEqual([]);
  });
});

function accounts(): Machine {
  const machine = new Machine({ base: 'ubuntu@24.04' });
  for (const shell of ['/bin/bash', '/usr/sbin/nologin']) machine.write(shell, '#!', 0o755);
  return machine;
}

describe('the journal', () => {
  it('has what the real one had', () => {
    const machine = machineFor('24.04');
    const shell = [
      { command: ['sh', '-c', 'echo hello; echo bye >&2'], stdout: 'hello\nbye\n' },
      { command: ['sh', '-c', 'exit 3'], exit: 3 },
    ];
    machine.slice = { ...machine.slice, execs: [...shell, ...(machine.slice.execs ?? [])] };
    expect(differences(machine, recorded('journal-252'), DIFFERS['journal-252'] ?? {})).toEqual([]);
  });
});

describe('users and groups', () => {
  it.each(['users-4.13', 'users-more-4.13'])('are made as the real ones: %s', (name) => {
    expect(differences(accounts(), recorded(name), DIFFERS[name] ?? {})).toEqual([]);
  });
});

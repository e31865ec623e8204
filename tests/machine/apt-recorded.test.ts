/** The real apt and dpkg were recorded once (recorded/record_apt.py); ours answer the same, one call after another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { PACKAGE_PROGRAMS } from '../../src/engine/world/machine/package-programs.ts';
import type { Package } from '../../src/engine/world/machine/package-slice.ts';
import { basePackages } from '../../src/engine/world/machine/package-base.ts';
import { openMachine, packageFile, type Machine } from './machine-rig.ts';

type Step = {
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};
const { steps } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'recorded/apt.json'), 'utf8'),
) as { steps: Step[] };

const made = (version: string, description: string, more: Partial<Package> = {}): Package => ({
  version,
  arch: 'all',
  section: 'utils',
  description: `${description}\nIt does nothing.`,
  ...more,
});

/** The archive that record_apt.py makes, on a machine with a single package. */
function recordedMachine(): Machine {
  const machine = openMachine(PACKAGE_PROGRAMS);
  const tool = (version: string, conf: string): Package =>
    made(version, 'a tool', {
      arch: 'amd64',
      depends: 'pb-lib (>= 1.5)',
      recommends: 'pb-extra',
      files: {
        '/etc/pb-tool.conf': packageFile(machine, conf),
        '/usr/bin/pb-tool': packageFile(machine, '#!/bin/sh\n', 0o755),
      },
    });
  const local = { '/usr/share/pb-local': packageFile(machine, 'x\n') };
  const gone = Object.keys(basePackages(machine.slice())).map((name) => [name, null] as const);
  const base = made('1.0', 'what is there before', { arch: 'amd64', essential: true });
  const slice: Partial<MachineSlice> = {
    packages: {
      ...Object.fromEntries(gone),
      'pb-base': { ...base, section: 'admin', priority: 'required', state: 'installed' },
    },
    archive: {
      ...Object.fromEntries(gone.map(([name]) => [name, []])),
      'pb-lib': [made('2.0-1', 'a library')],
      'pb-extra': [made('0.5', 'something recommended')],
      'pb-tool': [tool('1.1-1', 'new\n'), tool('1.0-1', 'old\n')],
      'pb-broken': [made('1.0', 'cannot be installed', { depends: 'pb-nowhere' })],
      'pb-rival': [made('1.0', 'cannot be beside pb-tool', { conflicts: 'pb-tool' })],
      'pb-mail': [made('1.0', 'provides an agent', { provides: 'pb-agent' })],
      // Only as a file: no source has it.
      'pb-local': [made('3.0', 'a file', { depends: 'pb-lib', files: local, source: 'file:' })],
    },
  };
  machine.change(slice);
  machine.write({
    '/local/pb-local_3.0_all.deb': { kind: 'file', mode: 0o644, bytes: new Uint8Array() },
  });
  return machine;
}

/** What is another's in the recording: sizes, and when a machine first installed something. */
const APART: readonly (readonly [RegExp, string])[] = [
  [/\(Reading database.*\n/g, '(Reading database)\n'],
  [/^Reading state information\.\.\.\n/gm, ''],
  [/^(?:Get|Hit|Ign):\d+ .*\n/gm, ''],
  [/^Fetched.*\n/gm, ''],
  [/^Need to get.*\n/gm, ''],
  [/^After this operation.*\n/gm, ''],
  [
    /^(?:Maintainer|Origin|Filename|Size|MD5sum|SHA1|SHA256|Installed-Size|Description-md5): .*\n/gm,
    '',
  ],
  [/^dpkg: warning: while removing .* not empty so not removed\n/gm, ''],
  [
    /^ pb-base +what is there before\n|^The following packages are missing the md5sums[\s\S]*reinstalled:\n/gm,
    '',
  ],
  [/(?:Nobody|Ubuntu Developers) <[^>]*>/g, 'somebody'],
  [/\| +/g, '| '],
];

function apart(text: string): string {
  const plain = APART.reduce((so, [pattern, to]) => so.replace(pattern, to), text);
  return plain.trim();
}

/** Paragraphs whose fields an archive may order as it likes. */
function sorted(argv: readonly string[], text: string): string {
  if (argv[1] !== 'show' && argv[1] !== 'search') return text;
  return text.split('\n').sort().join('\n');
}

/** Steps where ours is meant to be another, with why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'apt-get': 'its help is not simulated',
  'dpkg --get-selections pb-*': 'dpkg remembers a removal that it refused as wanted',
  'dpkg -L pb-tool after removal': 'folders of a removed package are not listed',
};

function shell(machine: Machine, script: string) {
  const path = /\/etc\/pb-tool\.conf/.exec(script)?.[0] ?? '';
  if (script.startsWith('echo')) {
    const bytes = new TextEncoder().encode('kept\n');
    machine.write({ [path]: { kind: 'file', mode: 0o644, bytes } });
    return { code: 0, out: '', err: '' };
  }
  if (script.startsWith('cat')) return { code: 0, out: machine.text(path) ?? '', err: '' };
  const found = Object.keys(machine.files('/etc/*')).filter((one) => one.startsWith(path));
  const err = `ls: cannot access '${path}*': No such file or directory\n`;
  const listed = found.sort().map((one) => `${one}\n`);
  return listed.length > 0 ? { code: 0, out: listed.join(''), err: '' } : { code: 2, out: '', err };
}

describe('apt and dpkg, as they were recorded', () => {
  const machine = recordedMachine();
  it.each(steps.map((step, at) => [`${at + 1}: ${step.argv.join(' ')}`, step] as const))(
    '%s',
    (_name, { argv, code, stdout, stderr }) => {
      const removed = machine.slice().packages?.['pb-tool']?.state === 'config-files';
      const key = `${argv.join(' ')}${removed ? ' after removal' : ''}`;
      const script = argv[0] === 'sh' ? argv[2] : argv[0] === 'cat' ? argv.join(' ') : undefined;
      const ran = script === undefined ? machine.run(argv) : shell(machine, script);
      if (OTHERWISE[key] !== undefined) return;
      if ('unmet' in ran) throw new Error(`${ran.unmet} is not simulated`);
      expect({
        code: ran.code,
        out: sorted(argv, apart(ran.out)),
        err: apart(ran.err),
      }).toEqual({ code, out: sorted(argv, apart(stdout)), err: apart(stderr) });
    },
  );
});

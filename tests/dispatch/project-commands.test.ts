/** A project's .playbill/commands/: programs of its own in place of the machine's, or of hook commands. */
import { describe, expect, it } from 'vitest';
import { temporary } from '../project/temporary.ts';
import {
  DISPATCH,
  bash,
  jobFor,
  openRig,
  pythonWith,
  type Answers,
  type Files,
  type RigOptions,
} from './rig.ts';

const install = jobFor('hooks/install');
const TOOLS = '/var/lib/juju/tools/unit-app-0';
const python = pythonWith();
const main = 'src/charm.py';

function charm(text: string): Files {
  return { dispatch: DISPATCH, [main]: `#!/usr/bin/env python3\n${text}\n` };
}

async function once(
  commands: Files,
  { files, options, answers }: { files: Files; options?: RigOptions; answers?: Answers },
) {
  await using rig = await openRig(files, { ...options, commands: temporary(commands) });
  const { ended, heard } = await rig.play(install, answers);
  const asked = heard.requests.map((r) => (r.kind === 'commands' ? r.argv.join(' ') : r.kind));
  return { ended, asked, lines: heard.lines };
}

const ways: [string, RigOptions][] = [
  ['a sandbox', {}],
  ['lower rungs', { lowerRungs: true }],
  ['no sandbox', { sandbox: 'none' }],
];

describe.each(ways)('a project’s command, with %s', (_, options) => {
  it('is found before the host’s and before programs that are not simulated', async () => {
    const commands = {
      uname: '#!/bin/sh\necho stand-in $*\n',
      systemctl: '#!/bin/sh\necho active\n',
    };
    const files = bash('uname -r; systemctl is-active x; command -v uname | grep -o /opt/.*');
    const { lines, asked } = await once(commands, { files, options });
    expect(lines).toEqual([
      'stdout: stand-in -r',
      'stdout: active',
      'stdout: /opt/playbill/project/commands/uname',
    ]);
    expect(asked).toEqual([]);
  });

  it('may call hook commands, in the charm’s directory and environment', async () => {
    const commands = { kubectl: '#!/bin/bash\nconfig-get x; pwd | grep -o "[^/]*$"; exit 3\n' };
    const files = bash('kubectl get pods; echo $? $JUJU_HOOK_NAME');
    const answers: Answers = () => ({ out: 'value\n' });
    const { lines, asked } = await once(commands, { files, options, answers });
    expect(asked).toEqual(['config-get x']);
    expect(lines).toEqual(['stdout: value', 'stdout: charm', 'stdout: 3 install']);
  });

  it('wins over a hook command of its name, by whatever path that is called', async () => {
    const commands = { 'is-leader': '#!/bin/sh\necho mine "$@"\n' };
    const files = bash(
      'is-leader; "$(dirname "$(command -v config-get)")/is-leader" x; config-get',
    );
    const { lines, asked } = await once(commands, { files, options });
    expect(lines).toEqual(['stdout: mine', 'stdout: mine x']);
    expect(asked).toEqual(['config-get']);
  });
});

it.each([false, true])(
  'a Python charm runs it too, in an interpreter of its own: %s',
  async (fresh) => {
    const commands = {
      'is-leader': '#!/bin/sh\necho mine\n',
      helm: '#!/usr/bin/env python3\nimport os, sys\nprint("helm", sys.argv[1:], "PLAYBILL_LOADING" in os.environ)\n',
    };
    const files = charm(`import shutil, subprocess
for command in (['is-leader'], ['${TOOLS}/is-leader'], [shutil.which('is-leader')], ['helm', 'ls'], ['config-get']):
    print(subprocess.run(command, capture_output=True, text=True).stdout.strip())`);
    const options = { main, python, freshInterpreter: fresh };
    const { lines, asked } = await once(commands, {
      files,
      options,
      answers: () => ({ out: 'asked' }),
    });
    expect(lines).toEqual(
      ['mine', 'mine', 'mine', "helm ['ls'] False", 'asked'].map((l) => `stdout: ${l}`),
    );
    expect(asked).toEqual(['config-get']);
  },
);

it('it comes with the files beside it, and is read-only', async () => {
  const commands = {
    'run-me': '#!/bin/sh\ncat "$(dirname "$0")/data/words"\n',
    'data/words': 'words\n',
    'not-a-program': 'text\n',
  };
  const script = `run-me; not-a-program 2>/dev/null || echo $?
cd /opt/playbill/project/commands; rm run-me 2>/dev/null || echo > new 2>/dev/null || stat -c '%A %U' run-me not-a-program`;
  const { lines } = await once(commands, { files: bash(script) });
  expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
    ...['stdout: words', 'stdout: 126'],
    ...['stdout: -rwxr-xr-x root', 'stdout: -rw-r--r-- root'],
  ]);
});

it('the real hook command is at hand for the one that stands in for it', async () => {
  const commands = {
    'config-get': '#!/bin/sh\nexec /opt/playbill/stage/shadowed/config-get "$@"\n',
  };
  const { lines, asked } = await once(commands, {
    files: bash('config-get x; ls /opt/playbill/stage/shadowed'),
    answers: () => ({ out: 'real\n' }),
  });
  expect(asked).toEqual(['config-get x']);
  expect(lines).toEqual(['stdout: real', 'stdout: config-get']);
});

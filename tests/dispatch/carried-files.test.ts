/** Files that travel with a hook command, through each of the clients that may carry them. */
import { describe, expect, it } from 'vitest';
import {
  DISPATCH,
  UNIT_DIR,
  bash,
  jobFor,
  openRig,
  pythonWith,
  type Answers,
  type Files,
  type RigOptions,
} from './rig.ts';

const install = jobFor('hooks/install');
const RESOURCE = `${UNIT_DIR}/resources/image/image.txt`;
const bytes = new Uint8Array([0, 255, 10]);

function charm(text: string): Files {
  return { dispatch: DISPATCH, 'src/charm.py': `#!/usr/bin/env python3\n${text}\n` };
}

/** `run` in the charm's language: a hook command, whose code, stdout and stderr are printed. */
const shell = (...commands: string[]): Files =>
  bash(commands.map((c) => `out=$(${c} 2>/tmp/err); echo "$? $out"; cat /tmp/err`).join('\n'));
const python = (...commands: string[]): Files =>
  charm(`
import shlex, subprocess
for command in ${JSON.stringify(commands)}:
    done = subprocess.run(shlex.split(command), capture_output=True, text=True)
    print(done.returncode, done.stdout.rstrip())
    print(done.stderr, end='')`);
const inProcess: RigOptions = { main: 'src/charm.py', python: pythonWith() };
const clients: [string, typeof shell, RigOptions][] = [
  ['perl', shell, {}],
  ['Python, where there is no perl', shell, { lowerRungs: true }],
  ['the charm’s own process', python, inProcess],
];

async function once(files: Files, options: RigOptions, answers: Answers) {
  await using rig = await openRig(files, options);
  const { ended, heard } = await rig.play(install, answers);
  expect(ended.end).toEqual({ kind: 'exited', code: 0 });
  return { ...heard, said: heard.lines.map((line) => line.replace(/^stdout: /, '')) };
}

function bringing(path: string, parents: boolean): Answers {
  return ({ kind }) =>
    kind === 'commands' ? { out: `${path}\n`, files: [{ path, bytes, parents }] } : {};
}

describe.each(clients)('a hook command in %s', (_, run, options) => {
  it('writes the files its answer brings before it ends, folders above them made', async () => {
    const look = run('resource-get image', `od -An -tx1 ${RESOURCE}`);
    const { said } = await once(look, options, bringing(RESOURCE, true));
    expect(said).toEqual([`0 ${RESOURCE}`, '0  00 ff 0a']);
  });

  it('writes where it was called from when the path is not absolute', async () => {
    const { said } = await once(
      run('resource-get image', `od -An -tx1 ${UNIT_DIR}/charm/here`),
      options,
      bringing('here', false),
    );
    expect(said).toEqual(['0 here', '0  00 ff 0a']);
  });

  it.each([
    ['/no/such/folder/f', 'no such file or directory'],
    ['/tmp', 'is a directory'],
  ])(
    'fails in the agent’s words, printing nothing else, when %s cannot be opened',
    async (path, why) => {
      const { said } = await once(run('resource-get image'), options, bringing(path, false));
      expect(said.map((line) => line.trim())).toEqual(['1', `ERROR open ${path}: ${why}`]);
    },
  );

  it('takes the files along that its arguments name, and not those that cannot be read', async () => {
    const command = 'secret-add a#file=hooks/text b#file=/no/such c=d#file=hooks/text e#file=/tmp';
    const { requests } = await once({ ...run(command), 'hooks/text': 'ü\n' }, options, () => ({}));
    expect(requests).toMatchObject([{ argv: command.split(' ') }]);
    expect(requests[0]).toHaveProperty('files', { 'hooks/text': new TextEncoder().encode('ü\n') });
  });

  it('leaves such arguments of other commands alone', async () => {
    const files = { ...run('relation-set a#file=hooks/text'), 'hooks/text': 'x' };
    const { requests } = await once(files, options, () => ({}));
    expect(requests[0]).not.toHaveProperty('files');
  });
});

it('a file that is read-only already is replaced when its folders are ours to make', async () => {
  const script = `mkdir -p ${UNIT_DIR}/resources/image; echo old > ${RESOURCE}; chmod 400 ${RESOURCE}
exec 4<${RESOURCE}; resource-get image; od -An -tx1 ${RESOURCE}; cat <&4`;
  const { said } = await once(bash(script), {}, bringing(RESOURCE, true));
  expect(said).toEqual([RESOURCE, ' 00 ff 0a', 'old']);
});

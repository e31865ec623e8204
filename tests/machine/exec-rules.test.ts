import { expect, it } from 'vitest';
import { errorsOf, playedWith } from './library-rig.ts';

it('a rule makes a program be there, wins over a simulated one, and takes its time', async () => {
  const script = `
import pathlib, subprocess, time
def run(*argv, **named):
    ran = subprocess.run(argv, capture_output=True, text=True, **named)
    return [ran.returncode, ran.stdout, ran.stderr]
say('new', run('pg_isready', '-q'), run('pg_isready'))
say('path', run('/bin/sh', '-c', 'command -v pg_isready')[1] != '')
say('wins', run('iptables', '-L'), run('systemctl', 'frobnicate'))
say('input', run('loader', input='all of it'), run('loader', input='nothing'))
before = time.time()
say('file', run('maker'), pathlib.Path('/etc/made').read_text(), round(time.time() - before))
say('by path', run('lsctl', 'status'))
say('unmet', run('ip6tables', '-L')[0])
`;
  const all = await playedWith([], script, () => ({
    execs: [
      { command: ['pg_isready', '-q'], exit: 2 },
      { command: ['pg_isready'], stdout: 'accepting\n' },
      { command: ['iptables'], stdout: 'Chain\n' },
      { command: ['systemctl', 'frobnicate'], stderr: 'done\n' },
      { command: ['loader'], stdin: { 'all of': { stdout: 'loaded\n' } }, exit: 1 },
      { command: ['/usr/bin/lsctl', 'status'], stdout: 'up\n' },
      { command: ['maker'], files: { '/etc/made': 'yes\n' }, takes: 4000 },
    ],
  }));
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['new', [2, '', ''], [0, 'accepting\n', '']],
    ['path', true],
    ['wins', [0, 'Chain\n', ''], [0, '', 'done\n']],
    ['input', [0, 'loaded\n', ''], [1, '', '']],
    ['file', [0, '', ''], 'yes\n', 4],
    ['by path', [0, 'up\n', '']],
    ['unmet', 1],
  ]);
  expect(all.played.unmet).toEqual([{ what: 'ip6tables' }]);
}, 120_000);

/** Daemons of a simulated machine in a charm's hands: started by programs and units, signalled, ended, left behind. */
import { expect, it } from 'vitest';
import { errorsOf, playedWith } from './library-rig.ts';

const HELPERS = `
import os, pathlib, signal, subprocess, time
def run(*argv):
    ran = subprocess.run(argv, capture_output=True, text=True)
    return [ran.returncode, ran.stdout, ran.stderr]
def there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
`;

it('a rule’s program leaves a daemon, fails as a real one would, and is told of signals', async () => {
  const script = `${HELPERS}
say('lacking', run('proxy', '-c', '/etc/proxy.conf'))
pathlib.Path('/etc/proxy.conf').write_text('Timeout 1')
say('without', run('proxy', '-c', '/etc/proxy.conf'))
pathlib.Path('/etc/proxy.conf').write_text('Port 8000')
say('starts', run('proxy', '-c', '/etc/proxy.conf'), run('proxy', '-v'))
pid = int(pathlib.Path('/run/proxy.pid').read_text())
say('runs', pid, there(pid), run('pgrep', '-f', 'proxy -c'), run('ss', '-Hltn'))
say('taken', run('proxy'))
os.kill(pid, signal.SIGUSR1)
os.kill(pid, signal.SIGHUP)
say('lives', there(pid), pathlib.Path(f'/proc/{pid}/comm').read_text())
run('other')
other = int(pathlib.Path('/run/other.pid').read_text())
os.kill(other, signal.SIGKILL)
say('killed', there(other), pathlib.Path('/run/other.pid').exists())
run('other')
other = int(pathlib.Path('/run/other.pid').read_text())
os.kill(other, signal.SIGTERM)
say('ended', there(other), pathlib.Path('/run/other.pid').exists())
os.kill(pid, signal.SIGRTMIN + 2)
`;
  const all = await playedWith([], script, () => ({
    execs: [
      { command: ['proxy', '-v'], stdout: 'proxy 1\n' },
      {
        command: ['proxy'],
        starts: {
          listens: ['8000/tcp'],
          pidFile: '/run/proxy.pid',
          user: 'nobody',
          needs: { '/etc/proxy.conf': 'Port' },
        },
      },
      { command: ['other'], starts: { pidFile: '/run/other.pid' } },
    ],
  }));
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['lacking', [1, '', 'proxy: /etc/proxy.conf: No such file or directory\n']],
    ['without', [1, '', 'proxy: /etc/proxy.conf has no "Port"\n']],
    ['starts', [0, '', ''], [0, 'proxy 1\n', '']],
    ['runs', 4001, true, [0, '4001\n', ''], [0, expect.stringContaining('0.0.0.0:8000'), '']],
    ['taken', [1, '', 'proxy: port 8000/tcp: Address already in use\n']],
    ['lives', true, 'proxy\n'],
    ['killed', false, true],
    ['ended', false, false],
  ]);
  expect(all.played.unmet).toEqual([{ what: 'signal SIGRTMIN+2' }]);
  expect(all.machine.processes).toMatchObject({
    4001: {
      argv: ['proxy', '-c', '/etc/proxy.conf'],
      user: 'nobody',
      unit: null,
      listens: ['8000/tcp'],
      signals: ['SIGUSR1', 'SIGHUP'],
    },
  });
  const signals = all.played.entries.flatMap((entry) =>
    entry.kind === 'call' && entry.request.kind === 'calls' ? [entry.request.args] : [],
  );
  expect(signals.slice(0, 3)).toEqual([
    [4001, 'SIGUSR1'],
    [4001, 'SIGHUP'],
    [4002, 'SIGKILL'],
  ]);
}, 120_000);

it('a unit’s process is there from start to stop, and starts anew when it is killed and its unit says so', async () => {
  const script = `${HELPERS}
def unit(name, more=''):
    text = f'[Service]\\nExecStart=/usr/bin/sleep infinity\\n{more}'
    pathlib.Path(f'/etc/systemd/system/{name}.service').write_text(text)
def main_pid(name):
    return int(run('systemctl', 'show', '-p', 'MainPID', '--value', name)[1])
unit('plain'); unit('again', 'Restart=on-failure\\nRestartSec=2\\n')
run('systemctl', 'daemon-reload')
say('starts', run('systemctl', 'start', 'plain', 'again')[0], main_pid('plain'), main_pid('again'))
plain, again = main_pid('plain'), main_pid('again')
say('argv', there(plain), pathlib.Path(f'/proc/{plain}/cmdline').read_bytes().decode())
os.kill(plain, signal.SIGTERM)
say('ended', there(plain), run('systemctl', 'is-active', 'plain')[1])
os.kill(again, signal.SIGKILL)
say('waits', there(again), run('systemctl', 'is-active', 'again')[1])
time.sleep(3)
fresh = main_pid('again')
say('anew', fresh != again, there(fresh), run('systemctl', 'is-active', 'again')[1])
say('stops', run('systemctl', 'stop', 'again')[0], there(fresh))
`;
  const all = await playedWith([], script, () => ({}));
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['starts', 0, 4001, 4002],
    ['argv', true, '/usr/bin/sleep\0infinity\0'],
    ['ended', false, 'inactive\n'],
    ['waits', false, 'activating\n'],
    ['anew', true, true, 'active\n'],
    ['stops', 0, false],
  ]);
  expect(all.machine.processes ?? {}).toEqual({});
}, 120_000);

it('a daemon that the charm leaves behind is one of the machine’s from then on', async () => {
  const script = `${HELPERS}
daemon = subprocess.Popen(['tail', '-f', '/dev/null'], start_new_session=True)
pathlib.Path('/run/own.pid').write_text(str(daemon.pid))
say('own', daemon.pid)
`;
  const all = await playedWith([], script, () => ({}));
  const [[, pid] = []] = all.said as [string, number][];
  expect(all.machine.processes).toMatchObject({
    [String(pid)]: { argv: ['tail', '-f', '/dev/null'], user: 'root', unit: null, signals: [] },
  });
}, 120_000);

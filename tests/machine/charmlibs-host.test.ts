import { expect, it } from 'vitest';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { errorsOf, playedWith } from './library-rig.ts';

const NONE = (): Partial<MachineSlice> => ({ base: 'ubuntu@22.04' });
const UNIT = `
unit = pathlib.Path('/etc/systemd/system/app.service')
unit.write_text('[Unit]\\nDescription=An app\\n[Service]\\nUser=app\\nExecStart=/usr/bin/env sleep 9\\n'
                'ExecReload=/usr/bin/env kill -HUP $MAINPID\\n[Install]\\nWantedBy=multi-user.target\\n')
`;

it('charmlibs-systemd works as it is', async () => {
  const script = `
import pathlib, subprocess
from charmlibs import systemd
subprocess.run(['useradd', '--system', 'app'], check=True)
${UNIT}
systemd.daemon_reload()
say('running', systemd.service_running('app'), systemd.service_failed('app'))
say('missing', caught(systemd.service_start, 'nothing')['error'])
say('started', systemd.service_start('app'), systemd.service_running('app'))
say('reloaded', systemd.service_reload('app'))
say('restarted', systemd.service_restart('app'))
say('enabled', systemd.service_enable('app'), pathlib.Path('/etc/systemd/system/multi-user.target.wants/app.service').readlink())
say('paused', systemd.service_pause('app'), systemd.service_running('app'))
say('unit', unit.exists())
`;
  const all = await playedWith(['charmlibs-systemd==1.0.0.post0'], script, NONE);
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['running', false, false],
    ['missing', 'SystemdError'],
    ['started', true, true],
    ['reloaded', true],
    ['restarted', true],
    ['enabled', true, '/etc/systemd/system/app.service'],
    ['paused', true, false],
    ['unit', true],
  ]);
  expect(all.played.unmet).toEqual([]);
}, 120_000);

it('a unit that a package brought is paused and resumed', async () => {
  const script = `
from charmlibs import systemd
say('paused', systemd.service_pause('cron'), systemd.service_running('cron'))
say('masked', caught(systemd.service_start, 'cron')['error'])
say('resumed', systemd.service_resume('cron'), systemd.service_running('cron'))
`;
  const all = await playedWith(['charmlibs-systemd==1.0.0.post0'], script, () => ({
    base: 'ubuntu@22.04',
    execs: [{ command: ['cron'], exit: 0 }],
  }));
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['paused', true, false],
    ['masked', 'SystemdError'],
    ['resumed', true, true],
  ]);
  expect(all.machine.units?.['cron.service']).toMatchObject({ active: 'active', sub: 'running' });
}, 120_000);

it('charmlibs-passwd works as it is', async () => {
  const script = `
from charmlibs import passwd
say('user', passwd.add_user('app', shell='/bin/sh', system_user=True, home_dir='/srv/app', create_home=True).pw_dir)
say('again', passwd.add_user('app').pw_name)
say('exists', passwd.user_exists('app') is not None, passwd.user_exists('nobody2') is not None)
say('group', passwd.add_group('crew', system_group=True).gr_name)
passwd.add_user_to_group('app', 'crew')
say('member', passwd.group_exists('crew').gr_mem)
say('gone', passwd.remove_user('app', remove_home=True), passwd.user_exists('app'))
say('nogroup', passwd.remove_group('crew'), passwd.group_exists('crew'))
`;
  const all = await playedWith(['charmlibs-passwd==1.0.1.post0'], script, NONE);
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['user', '/srv/app'],
    ['again', 'app'],
    ['exists', true, false],
    ['group', 'crew'],
    ['member', ['app']],
    ['gone', true, null],
    ['nogroup', true, null],
  ]);
  expect(all.played.unmet).toEqual([]);
}, 120_000);

it('charmlibs-sysctl and charmlibs-pathops work as they are', async () => {
  const script = `
import subprocess
from charmlibs import pathops, sysctl
config = sysctl.Config('app')
config.configure({'vm.swappiness': '10', 'net.ipv4.ip_forward': '1'})
say('configured', sorted(config), config['vm.swappiness'])
say('set', subprocess.run(['sysctl', '-n', 'vm.swappiness'], capture_output=True, text=True).stdout)
config.remove()
say('removed', subprocess.run(['sysctl', '-n', 'vm.swappiness'], capture_output=True, text=True).stdout)
path = pathops.LocalPath('/etc/app')
path.mkdir()
subprocess.run(['useradd', '--system', 'app'], check=True)
say('written', pathops.ensure_contents(path / 'a.conf', 'a=1', mode=0o640, user='app', group='app'))
say('same', pathops.ensure_contents(path / 'a.conf', 'a=1', mode=0o640, user='app', group='app'))
say('owner', (path / 'a.conf').owner(), (path / 'a.conf').group(), (path / 'a.conf').read_text())
`;
  const libraries = ['charmlibs-sysctl==1.0.0.post0', 'charmlibs-pathops==1.3.0.post0'];
  const all = await playedWith(libraries, script, NONE);
  expect(errorsOf(all).join('\n')).toBe('');
  expect(all.said).toEqual([
    ['configured', ['net.ipv4.ip_forward', 'vm.swappiness'], '10'],
    ['set', '10\n'],
    ['removed', '10\n'],
    ['written', true],
    ['same', false],
    ['owner', 'app', 'app', 'a=1'],
  ]);
}, 120_000);

it('charm-helpers host works as it is', async () => {
  const script = `
import pathlib, subprocess
from charmhelpers.core import host
host.adduser('app', system_user=True)
host.add_group('crew')
host.add_user_to_group('app', 'crew')
say('user', host.user_exists('app'), host.group_exists('crew'))
${UNIT}
say('systemd', host.init_is_systemd())
say('start', host.service_start('app'), host.service_running('app'))
say('reload', host.service_reload('app'), host.service_restart('app'))
host.write_file('/etc/app.conf', b'x', owner='app', group='crew', perms=0o640)
say('file', host.owner('/etc/app.conf'))
host.mkdir('/srv/app', owner='app', group='app', perms=0o755)
@host.restart_on_change({'/etc/app.conf': ['app']})
def change():
    host.write_file('/etc/app.conf', b'y')
change()
say('restarted', host.service_running('app'))
say('stop', host.service_stop('app'), host.service_running('app'))
`;
  const libraries = ['charmhelpers==1.2.1', 'setuptools==80.9.0'];
  const all = await playedWith(libraries, script, NONE);
  expect(all.played.outcome, errorsOf(all).join('\n')).toEqual({ kind: 'played' });
  expect(all.said).toEqual([
    ['user', true, true],
    ['systemd', true],
    ['start', true, true],
    ['reload', true, true],
    ['file', ['app', 'crew']],
    ['restarted', true],
    ['stop', true, false],
  ]);
}, 120_000);

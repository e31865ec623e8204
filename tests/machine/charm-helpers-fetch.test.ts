import { expect, it } from 'vitest';
import { errorsOf, playedWith } from './library-rig.ts';

const SCRIPT = `
from charmhelpers import fetch
from charmhelpers.fetch import snap, ubuntu, ubuntu_apt_pkg
fetch.apt_update(fatal=True)
say('missing', fetch.filter_installed_packages(['proxy', 'bash']), fetch.filter_missing_packages(['proxy', 'bash']))
fetch.apt_install(fetch.filter_installed_packages(['proxy', 'bash']), fatal=True)
fetch.apt_install('tool', options=['--no-install-recommends'], fatal=True, quiet=True)
say('installed', fetch.filter_installed_packages(['proxy', 'tool']))
say('versions', fetch.get_upstream_version('proxy'), ubuntu.get_installed_version('proxy').ver_str)
package = fetch.apt_cache()['proxy']
say('cache', package.name, package.current_ver.ver_str)
say('compare', ubuntu_apt_pkg.version_compare('1.0~rc1', '1.0'))
fetch.apt_hold('tool', fatal=True)
fetch.apt_unhold(['tool'], fatal=True)
fetch.apt_upgrade(fatal=True, dist=True)
fetch.apt_purge('proxy', fatal=True)
fetch.apt_autoremove(fatal=True)
say('purged', fetch.filter_installed_packages(['proxy', 'tool']))
fetch.add_source('deb https://repo.example/apt jammy main')
fetch.add_source('ppa:some/thing')
fetch.apt_update(fatal=True)
fetch.apt_install(['theirs'], fatal=True)
say('theirs', fetch.filter_installed_packages(['theirs']))
say('unknown', caught(fetch.apt_install, ['nothing'], fatal=True)['error'])
snap.snap_install(['proxy'], '--channel=edge')
snap.snap_refresh(['proxy'], '--channel=stable')
snap.snap_remove(['proxy'])
`;

it('charm-helpers fetch works as it is', async () => {
  const all = await playedWith(['charmhelpers==1.2.1', 'setuptools==80.9.0'], SCRIPT, (put) => ({
    archive: {
      proxy: [
        {
          version: '1.11.0-1',
          arch: 'amd64',
          description: 'a proxy',
          files: { '/etc/proxy.conf': { ...put('conf\n'), mode: 0o644 } },
        },
      ],
      tool: [{ version: '1.0', arch: 'all', description: 'a tool' }],
      theirs: [{ version: '9', arch: 'all', description: 'x', source: 'repo.example' }],
    },
    snapStore: {
      proxy: {
        channels: {
          'latest/stable': { version: '1', revision: 1 },
          'latest/edge': { version: '2', revision: 2 },
        },
        confinement: 'strict',
        publisher: 'Somebody',
        summary: 'x',
      },
    },
  }));
  expect(all.played.outcome, errorsOf(all).join('\n')).toEqual({ kind: 'played' });
  expect(all.said).toEqual([
    ['missing', ['proxy'], ['bash']],
    ['installed', []],
    ['versions', '1.11.0', '1.11.0-1'],
    ['cache', 'proxy', '1.11.0-1'],
    ['compare', -1],
    ['purged', ['proxy']],
    ['theirs', []],
    ['unknown', 'CalledProcessError'],
  ]);
  expect(all.played.unmet).toEqual([]);
}, 120_000);

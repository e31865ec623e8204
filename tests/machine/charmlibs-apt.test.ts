import { expect, it } from 'vitest';
import { errorsOf, playedWith } from './library-rig.ts';

const SCRIPT = `
from charmlibs import apt
say('update', caught(apt.update))
say('add', [p.name for p in [apt.add_package('proxy')]], apt.DebianPackage.from_installed_package('proxy').fullversion)
say('many', [p.name for p in apt.add_package(['tool', 'proxy'])])
say('pinned', str(apt.add_package('older', version='1.0-1').version))
cache = apt.DebianPackage.from_apt_cache('tool')
say('cache', cache.name, str(cache.version), cache.arch, cache.present)
say('system', apt.DebianPackage.from_system('bash').present)
say('absent', caught(apt.DebianPackage.from_installed_package, 'nothing')['error'])
say('unknown', caught(apt.add_package, 'nothing')['error'])
say('remove', apt.remove_package('proxy').present)
package = apt.DebianPackage.from_apt_cache('proxy')
package.ensure(apt.PackageState.Present)
say('ensured', package.present)
repositories = apt.RepositoryMapping()
line = 'deb https://repo.example/apt jammy main'
repository = apt.DebianRepository.from_repo_line(line)
say('repository', len(list(repositories)) > 0, repository.uri)
apt.update()
say('theirs', apt.add_package('theirs').version.number)
`;

it('charmlibs-apt works as it is', async () => {
  const all = await playedWith(['charmlibs-apt==1.0.0.post1'], SCRIPT, (put) => ({
    archive: {
      proxy: [
        {
          version: '1.11.0-1',
          arch: 'amd64',
          description: 'a proxy',
          depends: 'tool',
          files: { '/etc/proxy.conf': { ...put('conf\n'), mode: 0o644 } },
          units: { proxy: {} },
        },
      ],
      tool: [
        { version: '1.1-1', arch: 'all', description: 'a tool' },
        { version: '1.0-1', arch: 'all', description: 'a tool' },
      ],
      older: [
        { version: '1.1-1', arch: 'all', description: 'x' },
        { version: '1.0-1', arch: 'all', description: 'x' },
      ],
      theirs: [{ version: '9', arch: 'all', description: 'x', source: 'repo.example' }],
    },
  }));
  expect(all.played.outcome, errorsOf(all).join('\n')).toEqual({ kind: 'played' });
  expect(all.said).toEqual([
    ['update', null],
    ['add', ['proxy'], '1.11.0-1.amd64'],
    ['many', ['tool', 'proxy']],
    ['pinned', '1.0-1'],
    ['cache', 'tool', '1.1-1', 'all', false],
    ['system', true],
    ['absent', 'PackageNotFoundError'],
    ['unknown', 'PackageError'],
    ['remove', false],
    ['ensured', true],
    ['repository', true, 'https://repo.example/apt'],
    ['theirs', '9'],
  ]);
  expect(all.played.unmet).toEqual([]);
  expect(all.machine.units?.['proxy.service']?.active).toBe('active');
}, 120_000);

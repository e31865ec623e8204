import { expect, it } from 'vitest';
import { errorsOf, playedWith } from './library-rig.ts';

const SCRIPT = `
from charmlibs import snap
say('missing', caught(snap.list_one, 'proxy')['error'], caught(snap.install, 'nothing')['error'])
say('install', snap.install('proxy'), snap.install('proxy'))
info = snap.list_one('proxy')
say('info', info.name, info.version, info.revision, info.tracking, info.classic, info.hold)
import os, subprocess
say('program', subprocess.run(['proxy.ctl'], capture_output=True, text=True).stdout, os.readlink('/snap/proxy/current'))
say('ensure', snap.ensure_installed('proxy', channel='edge'), snap.ensure_installed('proxy', channel='edge'), snap.list_one('proxy').revision)
say('channel', caught(snap.refresh, 'proxy', channel='9/stable')['error'])
say('revision', caught(snap.refresh, 'proxy', revision=77)['error'])
say('classic', caught(snap.install, 'code')['error'], snap.install('code', classic=True), snap.list_one('code').classic)
snap.set('proxy', {'port': 8080, 'server.name': 'x'})
say('get', snap.get('proxy'), snap.get_one('proxy', 'server.name'))
snap.unset('proxy', 'port')
say('unset', caught(snap.get_one, 'proxy', 'port')['error'])
snap.stop('proxy', 'daemon', disable=True)
snap.start('proxy', enable=True)
snap.restart('proxy', ['daemon'])
say('service', caught(snap.start, 'proxy', 'nothing')['error'], len(snap.logs('proxy')) > 0)
snap.hold('proxy')
say('held', snap.list_one('proxy').hold is not None)
snap.unhold('proxy')
say('unheld', snap.list_one('proxy').hold)
snap.alias('proxy', 'ctl', 'pctl')
snap.unalias('pctl')
say('alias', caught(snap.unalias, 'pctl')['error'])
snap.connect(('proxy', 'home'))
snap.disconnect(('proxy', 'home'))
say('connect', caught(snap.connect, ('proxy', 'camera'))['error'])
say('remove', snap.remove('proxy'), snap.remove('proxy', purge=True))
`;

it('charmlibs-snap works as it is, over snapd’s socket', async () => {
  const all = await playedWith(['charmlibs-snap==2.0.0'], SCRIPT, () => ({
    snapStore: {
      proxy: {
        channels: {
          'latest/stable': { version: '1.0', revision: 10 },
          'latest/edge': { version: '1.1', revision: 11 },
        },
        confinement: 'strict',
        publisher: 'Somebody',
        summary: 'a proxy',
        services: { daemon: {} },
        commands: [{ command: ['proxy.ctl'], stdout: 'usage' }],
        plugs: { home: 'home' },
      },
      code: {
        channels: { 'latest/stable': { version: '3', revision: 3 } },
        confinement: 'classic',
        publisher: 'Other',
        summary: 'an editor',
      },
    },
  }));
  expect(all.played.outcome, errorsOf(all).join('\n')).toEqual({ kind: 'played' });
  expect(all.said).toEqual([
    ['missing', 'NotInstalledError', 'NotInStoreError'],
    ['install', true, false],
    ['info', 'proxy', '1.0', '10', 'latest/stable', false, null],
    ['program', 'usage', '10'],
    ['ensure', true, false, '11'],
    ['channel', 'ChannelNotAvailableError'],
    ['revision', 'RevisionNotAvailableError'],
    ['classic', 'NeedsClassicError', true, true],
    ['get', { port: 8080, server: { name: 'x' } }, 'x'],
    ['unset', 'OptionNotFoundError'],
    ['service', 'AppNotFoundError', true],
    ['held', true],
    ['unheld', null],
    ['alias', 'APIError'],
    ['connect', 'APIError'],
    ['remove', true, false],
  ]);
  expect(all.played.unmet).toEqual([]);
  expect(Object.keys(all.machine.snaps ?? {})).toEqual(['code']);
}, 120_000);

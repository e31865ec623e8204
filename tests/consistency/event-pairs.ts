/** For every rule about an event: a state in which the event may come, and one in which this rule is against it. */
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Event } from '../../src/engine/model/event.ts';
import type { State } from '../../src/engine/world/state.ts';
import {
  ACTION,
  after,
  CHARM,
  CHECK,
  FAILS,
  having,
  hook,
  MINE,
  NEW,
  NOTICE,
  onMachine,
  OURS,
  peer,
  READY,
  RELATED,
  related,
  secret,
  STARTED,
  storage,
  THEIRS,
  unit,
  unknown,
} from './world.ts';

type Case = readonly [state: State, event: Event, charm?: Charm];
export type EventPair = {
  readonly rule: string;
  readonly yes: Case;
  readonly no: Case;
  /** What is said of it, and what is to be added. */
  readonly says: RegExp;
  readonly hint?: string | RegExp;
};

const MACHINE = onMachine(STARTED);
const FOLLOWER = unit(STARTED, (slice) => {
  slice.leader = false;
});
const NOTHING_RELATED = unit(STARTED, (slice) => {
  slice.relations = {};
});
const NO_UNITS = unit(STARTED, (slice) => {
  slice.relations['db:1']!.units = {};
});
const CREATED = having(STARTED, related('created'));
const INSTALLED = having(NEW, hook('install'));
const FAILED = after(STARTED, hook('config-changed'), FAILS);
const REBOOTING = unit(MACHINE, (slice) => {
  slice.rebooting = true;
});
const VERSION = (state: State, version: string): State =>
  unit(state, (slice) => {
    slice.version = version;
  });

export const EVENT_PAIRS: readonly EventPair[] = [
  {
    rule: 'event-in-version',
    yes: [FOLLOWER, hook('leader-settings-changed')],
    no: [VERSION(FOLLOWER, '4.0.1'), hook('leader-settings-changed')],
    says: /Juju 4\.0\.1 has no leader-settings-changed/,
    hint: 'add juju: "3.6", or leave the event out',
  },
  {
    rule: 'event-in-version',
    yes: [STARTED, secret('expired', MINE, 1)],
    no: [VERSION(STARTED, '2.9.50'), secret('expired', MINE, 1)],
    says: /sent from Juju 3\.0 on/,
  },
  {
    rule: 'event-in-version',
    yes: [STARTED, CHECK],
    no: [VERSION(STARTED, '3.5.1'), CHECK],
    says: /sent from Juju 3\.6 on/,
  },
  {
    rule: 'event-in-version',
    yes: [MACHINE, hook('pre-series-upgrade')],
    no: [VERSION(MACHINE, '4.0'), hook('pre-series-upgrade')],
    says: /Juju 4\.0 sends it no more/,
  },
  {
    rule: 'series-on-machines',
    yes: [MACHINE, hook('pre-series-upgrade')],
    no: [STARTED, hook('pre-series-upgrade')],
    says: /no machine to upgrade/,
  },
  {
    rule: 'pebble-on-kubernetes',
    yes: [STARTED, READY],
    no: [MACHINE, READY],
    says: /no workload containers/,
  },
  {
    rule: 'event-endpoint-declared',
    yes: [CREATED, related('joined', 'postgresql/0')],
    no: [CREATED, related('joined', { endpoint: 'cache', relation: 9, unit: 'redis/0' })],
    says: /declares no endpoint cache/,
    hint: 'It has db, host, replicas and site.',
  },
  {
    rule: 'event-relation-exists',
    yes: [STARTED, related('created')],
    no: [NOTHING_RELATED, related('created', { relation: 7 })],
    says: /^there is no relation on endpoint db$/,
    hint: 'add relations: {db: {units: {0: {}}}}',
  },
  {
    rule: 'event-relation-exists',
    yes: [CREATED, related('broken')],
    no: [having(CREATED, related('broken')), related('changed', 'postgresql/0')],
    says: /db:1 is gone: nothing comes after relation-broken/,
  },
  {
    rule: 'event-relation-app',
    yes: [STARTED, related('created')],
    no: [STARTED, related('created', { app: 'mysql' })],
    says: /is postgresql, not mysql/,
  },
  {
    rule: 'event-unit-named',
    yes: [CREATED, related('joined', 'postgresql/0')],
    no: [NO_UNITS, related('joined')],
    says: /^relation-joined needs a remote unit in the state$/,
    hint: 'add relations: {db: {units: {0: {}}}}',
  },
  {
    rule: 'event-unit-named',
    yes: [RELATED, related('departed', 'postgresql/0')],
    no: [RELATED, related('departed')],
    says: /^relation-departed needs a remote unit/,
    hint: 'add unit: 0 to the event',
  },
  {
    rule: 'event-unit-exists',
    yes: [CREATED, related('joined', 'postgresql/1')],
    no: [CREATED, related('joined', 'postgresql/7')],
    says: /no unit postgresql\/7 in db:1/,
    hint: 'add relations: {db: {units: {7: {}}}}',
  },
  {
    rule: 'event-unit-exists',
    yes: [having(STARTED, peer('created')), peer('joined', 'web/1')],
    no: [having(STARTED, peer('created')), peer('joined', 'web/0')],
    says: /about itself/,
  },
  {
    rule: 'event-storage-declared',
    yes: [STARTED, storage('attached')],
    no: [STARTED, storage('attached', 'logs/0')],
    says: /declares no storage logs/,
    hint: 'It has cache and data.',
  },
  {
    rule: 'event-storage-exists',
    yes: [STARTED, storage('attached')],
    no: [STARTED, storage('attached', 'cache/1')],
    says: /no storage cache\/1/,
    hint: 'add storage: {cache/1: {}}',
  },
  {
    rule: 'event-secret-exists',
    yes: [STARTED, secret('rotate')],
    no: [STARTED, secret('rotate', 'nope')],
    says: /no secret nope/,
    hint: /add secrets: /,
  },
  {
    rule: 'event-secret-revision',
    yes: [STARTED, secret('expired', MINE, 2)],
    no: [STARTED, secret('expired', MINE, 3)],
    says: /no revision 3/,
    hint: 'add revision: 2 to the event',
  },
  {
    rule: 'event-secret-revision',
    yes: [STARTED, secret('rotate')],
    no: [STARTED, secret('remove')],
    says: /is about a revision, and none is given/,
  },
  {
    rule: 'action-declared',
    yes: [STARTED, ACTION],
    no: [STARTED, { kind: 'action', name: 'nope', params: {} }],
    says: /no action nope/,
    hint: 'It has backup and open.',
  },
  {
    rule: 'action-params-declared',
    yes: [STARTED, { kind: 'action', name: 'backup', params: { more: 1 } }],
    no: [VERSION(STARTED, '4.0'), { kind: 'action', name: 'backup', params: { more: 1 } }],
    says: /takes no parameter more/,
    hint: 'It has to.',
  },
  {
    rule: 'event-container-declared',
    yes: [STARTED, READY],
    no: [STARTED, { kind: 'pebble-ready', container: 'api' }],
    says: /no container api/,
    hint: 'It has web.',
  },
  {
    rule: 'event-container-exists',
    yes: [STARTED, READY],
    no: [{ ...STARTED, pebble: { containers: {} } }, READY],
    says: /there is no container web/,
  },
  {
    rule: 'event-notice-custom',
    yes: [STARTED, NOTICE],
    no: [STARTED, { ...NOTICE, type: 'change-update' } as Event],
    says: /only custom ones/,
  },
  {
    rule: 'unit-removed',
    yes: [having(NEW, hook('install')), hook('remove')],
    no: [having(NEW, hook('install'), hook('remove')), hook('start')],
    says: /the unit is removed/,
  },
  {
    rule: 'unit-in-error',
    yes: [FAILED, hook('config-changed')],
    no: [FAILED, hook('update-status')],
    says: /config-changed has failed: it is run again or resolved before update-status/,
    hint: 'add retry before it, or the delta resolved: no-retry',
  },
  {
    rule: 'unit-in-error',
    yes: [FAILED, ACTION],
    no: [FAILED, hook('upgrade-charm')],
    says: /has failed/,
    hint: /a forced upgrade runs the failed hook again/,
  },
  {
    rule: 'unit-in-error',
    yes: [after(STARTED, NOTICE, FAILS), READY],
    no: [FAILED, READY],
    says: /before web-pebble-ready can come/,
  },
  {
    rule: 'unit-in-error',
    yes: [after(MACHINE, hook('update-status'), { kind: 'rebooted' }), hook('update-status')],
    no: [after(MACHINE, hook('update-status'), { kind: 'rebooted' }), ACTION],
    says: /cut off by a reboot: it is run again before anything else/,
  },
  {
    rule: 'start-after-reboot',
    yes: [REBOOTING, hook('start')],
    no: [REBOOTING, ACTION],
    says: /has rebooted: start comes before backup/,
    hint: 'add start before it',
  },
  {
    rule: 'queued-hook-first',
    yes: [having(INSTALLED, hook('config-changed')), hook('start')],
    no: [having(INSTALLED, hook('config-changed')), related('created')],
    says: /start comes before db-relation-created/,
    hint: 'add start before it',
  },
  {
    rule: 'queued-hook-first',
    yes: [having(STARTED, hook('upgrade-charm')), hook('config-changed')],
    no: [having(STARTED, hook('upgrade-charm')), ACTION],
    says: /upgrade-charm has run: config-changed comes before backup/,
  },
  {
    rule: 'queued-hook-first',
    yes: [having(MACHINE, hook('pre-series-upgrade')), hook('post-series-upgrade')],
    no: [having(MACHINE, hook('pre-series-upgrade')), hook('config-changed')],
    says: /post-series-upgrade comes before config-changed/,
  },
  {
    rule: 'install-first',
    yes: [NEW, hook('install')],
    no: [NEW, hook('leader-elected')],
    says: /install has not run/,
    hint: /add install before it/,
  },
  {
    rule: 'install-first',
    yes: [onMachine(NEW), storage('attached')],
    no: [NEW, storage('attached')],
    says: /install has not run/,
  },
  {
    rule: 'unit-stopped',
    yes: [having(STARTED, hook('stop')), hook('start')],
    no: [having(STARTED, hook('stop')), hook('update-status')],
    says: /only remove, or start in its next pod/,
  },
  {
    rule: 'unit-stopped',
    yes: [having(MACHINE, hook('stop')), hook('remove')],
    no: [having(MACHINE, hook('stop')), hook('start')],
    says: /only remove can follow/,
  },
  {
    rule: 'install-once',
    yes: [NEW, hook('install')],
    no: [STARTED, hook('install')],
    says: /install has run already/,
  },
  {
    rule: 'install-once',
    yes: [unknown(NEW), hook('install')],
    no: [having(unknown(NEW), hook('config-changed')), hook('install')],
    says: /other hooks have run/,
  },
  {
    rule: 'start-after-config-changed',
    yes: [unknown(NEW), hook('start')],
    no: [INSTALLED, hook('start')],
    says: /config-changed has not run/,
    hint: 'add config-changed before it',
  },
  {
    rule: 'start-once',
    yes: [REBOOTING, hook('start')],
    no: [MACHINE, hook('start')],
    says: /only after a reboot/,
  },
  {
    rule: 'update-status-after-start',
    yes: [STARTED, hook('update-status')],
    no: [INSTALLED, hook('update-status')],
    says: /update-status comes after start/,
  },
  {
    rule: 'stop-after-start',
    yes: [STARTED, hook('stop')],
    no: [INSTALLED, hook('stop')],
    says: /nothing to stop/,
  },
  {
    rule: 'remove-after-stop',
    yes: [having(STARTED, hook('stop')), hook('remove')],
    no: [STARTED, hook('remove')],
    says: /stop comes before remove/,
  },
  {
    rule: 'relations-end-before-stop',
    yes: [RELATED, hook('stop')],
    no: [onMachine(RELATED), hook('stop')],
    says: /the relation db:1 has not ended/,
    hint: 'add db-relation-departed and db-relation-broken before it',
  },
  {
    rule: 'relations-end-before-stop',
    yes: [having(MACHINE, peer('created')), hook('stop')],
    no: [
      having(MACHINE, peer('created'), peer('joined', 'web/1'), peer('changed', 'web/1')),
      hook('stop'),
    ],
    says: /the relation replicas:0 has not ended/,
    hint: 'add replicas-relation-departed before it',
  },
  {
    rule: 'storage-detached-before-stop',
    yes: [having(MACHINE, storage('attached'), storage('detaching')), hook('stop')],
    no: [having(MACHINE, storage('attached')), hook('stop')],
    says: /data\/0 is attached/,
    hint: 'add data-storage-detaching before it',
  },
  {
    rule: 'storage-attached-before-install',
    yes: [having(onMachine(NEW), storage('attached')), hook('install')],
    no: [onMachine(NEW), hook('install')],
    says: /data\/0 is not attached: on a machine install waits/,
    hint: 'add data-storage-attached before it',
  },
  {
    rule: 'leader-elected-leader',
    yes: [STARTED, hook('leader-elected')],
    no: [FOLLOWER, hook('leader-elected')],
    says: /web\/0 is not the leader/,
    hint: 'add leader: true',
  },
  {
    rule: 'leader-elected-once',
    yes: [
      unit(
        having(
          unit(having(STARTED, hook('leader-elected')), (slice) => {
            slice.leader = false;
          }),
          hook('update-status'),
        ),
        (slice) => {
          slice.leader = true;
        },
      ),
      hook('leader-elected'),
    ],
    no: [having(STARTED, hook('leader-elected')), hook('leader-elected')],
    says: /has led ever since/,
  },
  {
    rule: 'leader-settings-follower',
    yes: [FOLLOWER, hook('leader-settings-changed')],
    no: [STARTED, hook('leader-settings-changed')],
    says: /goes to the others/,
    hint: 'add leader: false',
  },
  {
    rule: 'post-series-upgrade-after-pre',
    yes: [unknown(onMachine(NEW)), hook('post-series-upgrade')],
    no: [MACHINE, hook('post-series-upgrade')],
    says: /pre-series-upgrade has not run/,
  },
  {
    rule: 'relation-created-once',
    yes: [STARTED, related('created')],
    no: [CREATED, related('created')],
    says: /has run already for db:1/,
  },
  {
    rule: 'relation-created-first',
    yes: [CREATED, related('joined', 'postgresql/0')],
    no: [STARTED, related('broken')],
    says: /db-relation-created has not run for db:1/,
    hint: 'add db-relation-created before it',
  },
  {
    rule: 'relation-joined-after-start',
    yes: [CREATED, related('joined', 'postgresql/0')],
    no: [having(INSTALLED, related('created')), related('joined', 'postgresql/0')],
    says: /db-relation-joined comes after start/,
  },
  {
    rule: 'relation-changed-after-joined',
    yes: [having(CREATED, related('joined', 'postgresql/0')), related('changed', 'postgresql/0')],
    no: [having(CREATED, related('joined', 'postgresql/0')), related('joined', 'postgresql/1')],
    says: /postgresql\/0 has joined: its db-relation-changed is the relation's next event/,
    hint: 'add db-relation-changed: {unit: 0} before it',
  },
  {
    rule: 'relation-joined-once',
    yes: [
      unit(having(RELATED, related('departed', 'postgresql/0')), (slice) => {
        slice.relations['db:1']!.units['postgresql/0'] = {};
      }),
      related('joined', 'postgresql/0'),
    ],
    no: [RELATED, related('joined', 'postgresql/0')],
    says: /postgresql\/0 has joined already/,
  },
  {
    rule: 'relation-joined-first',
    yes: [RELATED, related('changed', 'postgresql/0')],
    no: [RELATED, related('changed', 'postgresql/1')],
    says: /postgresql\/1 has not joined: joined comes before changed/,
    hint: 'add db-relation-joined: {unit: 1} before it',
  },
  {
    rule: 'relation-broken-last',
    yes: [having(RELATED, related('departed', 'postgresql/0')), related('broken')],
    no: [RELATED, related('broken')],
    says: /postgresql\/0 has not departed/,
    hint: 'add db-relation-departed: {unit: 0} before it',
  },
  {
    rule: 'peer-relation-never-broken',
    yes: [CREATED, related('broken')],
    no: [having(STARTED, peer('created')), peer('broken')],
    says: /never broken/,
  },
  {
    rule: 'relation-departing-unit',
    yes: [RELATED, related('departed', { unit: 'postgresql/0', departing: 'web/0' })],
    no: [RELATED, related('departed', { unit: 'postgresql/0', departing: 'postgresql/1' })],
    says: /postgresql\/1 is not the one that departs/,
  },
  {
    rule: 'storage-attached-once',
    yes: [STARTED, storage('attached')],
    no: [having(STARTED, storage('attached')), storage('attached')],
    says: /data\/0 is attached already/,
  },
  {
    rule: 'storage-attached-first',
    yes: [having(STARTED, storage('attached')), storage('detaching')],
    no: [STARTED, storage('detaching')],
    says: /data\/0 is not attached/,
  },
  {
    rule: 'secret-owner',
    yes: [STARTED, secret('rotate', MINE)],
    no: [STARTED, secret('rotate', THEIRS)],
    says: /not this unit's own/,
  },
  {
    rule: 'secret-leader',
    yes: [STARTED, secret('rotate', OURS)],
    no: [FOLLOWER, secret('rotate', OURS)],
    says: /secret-rotate goes to the leader only/,
    hint: 'add leader: true',
  },
  {
    rule: 'secret-changed-reader',
    yes: [STARTED, secret('changed', THEIRS)],
    no: [STARTED, secret('changed', MINE)],
    says: /this unit’s own/,
  },
  {
    rule: 'secret-changed-reader',
    yes: [
      unit(STARTED, (slice) => {
        slice.secrets[OURS]!.tracked = 1;
      }),
      secret('changed', OURS),
    ],
    no: [
      unit(STARTED, (slice) => {
        slice.secrets[THEIRS]!.readable = false;
      }),
      secret('changed', THEIRS),
    ],
    says: /may not read the secret/,
  },
  {
    rule: 'secret-rotates',
    yes: [STARTED, secret('rotate')],
    no: [
      unit(STARTED, (slice) => {
        slice.secrets[MINE]!.rotate = 'never';
      }),
      secret('rotate'),
    ],
    says: /no rotation policy/,
  },
  {
    rule: 'secret-remove-obsolete',
    yes: [STARTED, secret('remove', MINE, 1)],
    no: [STARTED, secret('remove', MINE, 2)],
    says: /revision 2 is the latest/,
  },
  {
    rule: 'container-connectable',
    yes: [STARTED, READY],
    no: [
      {
        ...STARTED,
        pebble: {
          containers: { web: { ...STARTED.pebble.containers['web']!, canConnect: false } },
        },
      },
      READY,
    ],
    says: /Pebble does not answer in web/,
    hint: 'add containers: {web: {can-connect: true}}',
  },
  {
    rule: 'event-notice-exists',
    yes: [STARTED, NOTICE],
    no: [STARTED, { ...NOTICE, id: '2' } as Event],
    says: /no notice example\.com\/a in web/,
  },
  {
    rule: 'event-check-exists',
    yes: [STARTED, CHECK],
    no: [STARTED, { ...CHECK, check: 'down' } as Event],
    says: /has no check down/,
    hint: 'It has up.',
  },
  {
    rule: 'event-endpoint-declared',
    yes: [STARTED, related('created'), CHARM],
    no: [STARTED, related('created'), { ...CHARM, endpoints: {} }],
    says: /declares no endpoint db/,
    hint: 'It has none.',
  },
];

/**
 * The machine as a counterpart: programs that would change it are on PATH and refuse by name.
 * Not modelled yet: packages, services, users, anything outside of the charm directory.
 */
import type { Counterpart } from '../../model/counterpart.ts';
import type { MachineSlice } from './slice.ts';

/** Programs of Ubuntu that charms call to change the machine they are on. */
export const MACHINE_COMMANDS: readonly string[] = [
  'add-apt-repository',
  'addgroup',
  'adduser',
  'apt',
  'apt-add-repository',
  'apt-cache',
  'apt-get',
  'apt-key',
  'apt-mark',
  'chpasswd',
  'crontab',
  'dpkg',
  'dpkg-query',
  'dpkg-reconfigure',
  'groupadd',
  'groupdel',
  'groupmod',
  'hostnamectl',
  'ip6tables',
  'iptables',
  'journalctl',
  'modprobe',
  'nft',
  'passwd',
  'reboot',
  'service',
  'shutdown',
  'snap',
  'sysctl',
  'systemctl',
  'timedatectl',
  'ufw',
  'update-alternatives',
  'update-ca-certificates',
  'useradd',
  'userdel',
  'usermod',
];

export const machine: Counterpart<'machine', MachineSlice> = {
  name: 'machine',
  channels: () => [{ kind: 'commands', channel: 'machine', names: MACHINE_COMMANDS }],
  handle(_draw, request) {
    return {
      kind: 'unsupported',
      what: request.kind === 'commands' ? (request.argv[0] ?? '') : request.kind,
    };
  },
};

/**
 * The machine as a counterpart: programs that change it or tell of it, rules of a tree for any other, and what happens
 * by itself. Programs that nobody simulates yet are on PATH and refuse by name.
 * Not modelled: what the list below names and no table has.
 */
import { produce } from 'immer';
import type { Counterpart } from '../../model/counterpart.ts';
import type { ProgramCallRule } from '../../model/exec-rule.ts';
import type { Answer, CommandRequest } from '../../model/request.ts';
import { PACKAGE_PROGRAMS } from './package-programs.ts';
import { signal } from './processes.ts';
import { ruled, ruledNames, ruleFor } from './program-rules.ts';
import type { MachineDraw, Program } from './program.ts';
import { PROGRAMS } from './programs-table.ts';
import type { MachineSlice } from './slice.ts';
import { snap } from './snap.ts';
import { snapd, SNAPD_SOCKET } from './snapd-api.ts';
import { nextOfUnits, passUnits } from './systemd-life.ts';

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
  'debconf-set-selections',
  'debconf-show',
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

const SIMULATED: Readonly<Record<string, Program>> = { ...PACKAGE_PROGRAMS, snap, ...PROGRAMS };

/** Rules of packages that are there. */
function rulesOf({ packages = {}, snaps = {} }: MachineSlice): NonNullable<MachineSlice['execs']> {
  const own = Object.values(packages).flatMap((one) =>
    one && one.state !== 'config-files' ? (one.commands ?? []) : [],
  );
  return [...own, ...Object.values(snaps).flatMap(({ offer }) => offer.commands ?? [])];
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A rule that gives its program with a path is one of the program's name. */
function named(rule: ProgramCallRule): ProgramCallRule {
  const { command } = rule;
  if ('like' in command) return rule;
  const [first = '', ...rest] = command;
  return { ...rule, command: [nameIn(first), ...rest] };
}

/** Words as a rule may have them: the program by its name, a snap's by the name it has without an alias. */
function byName({ snaps = {} }: MachineSlice, argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  const name = nameIn(first);
  const other = Object.values(snaps).find(({ aliases = {} }) => Object.hasOwn(aliases, name));
  return [other?.aliases?.[name] ?? name, ...rest];
}

/** The same, but that what is set is seen from then on: programs do several things one after another. */
function live(draw: MachineDraw): MachineDraw {
  let { seen } = draw;
  return {
    ...draw,
    get seen() {
      return seen;
    },
    set(change) {
      draw.set(change);
      seen = produce(seen, change);
    },
  };
}

function answered(draw: MachineDraw, request: CommandRequest): Answer {
  const { seen } = draw;
  const argv = byName(seen, request.argv);
  const [name = ''] = argv;
  const own = (seen.execs ?? []).map(named);
  const program = Object.hasOwn(SIMULATED, name) ? SIMULATED[name] : undefined;
  if (ruleFor(own, argv) || !program) {
    const run = ruled([...own, ...rulesOf(seen).map(named)]);
    if (run) return run(draw, { ...request, argv });
  }
  return program ? program(draw, { ...request, argv }) : { kind: 'unsupported', what: name };
}

export const machine: Counterpart<'machine', MachineSlice> = {
  name: 'machine',
  channels: (slice, charm) => {
    const names = [...MACHINE_COMMANDS, ...Object.keys(SIMULATED), ...ruledNames(slice)];
    const commands = {
      kind: 'commands',
      channel: 'machine',
      names: [...new Set(names)].sort(),
    } as const;
    // The machine of a Kubernetes charm is its own container, where there is no snapd.
    if (charm.kubernetes) return [commands];
    return [commands, { kind: 'http', channel: 'snapd', socket: SNAPD_SOCKET }];
  },
  handle(draw, request) {
    if (request.kind === 'commands') return answered(live(draw), request);
    if (request.kind === 'http') return snapd(live(draw), request);
    if (request.kind === 'calls' && request.name === 'signal') return signal(live(draw), request);
    return { kind: 'unsupported', what: request.kind };
  },
  due: nextOfUnits,
  advance: passUnits,
};

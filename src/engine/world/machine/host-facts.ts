/**
 * Programs that tell of the computer itself: as the machine has it, not as the host does.
 * Source: nproc(1) of coreutils, uptime(1) of procps, systemd-detect-virt(1).
 * Not modelled, refused by name: nproc's --ignore with OMP variables, users of uptime, chroots and private users.
 */
import { has, readOptions, valueOf, type OptionTable } from './program-options.ts';
import { reply, type Program } from './program.ts';

const NPROC: OptionTable = { all: false, ignore: true };

export const nproc: Program = ({ seen }, request) => {
  const options = readOptions(request.argv.slice(1), NPROC);
  if (options.error !== undefined || options.words.length > 0) {
    return { kind: 'unsupported', what: request.argv.join(' ') };
  }
  const ignored = Number(valueOf(options, 'ignore') ?? 0);
  return reply(0, `${Math.max(1, seen.cpus - ignored)}\n`);
};

const UPTIME: OptionTable = { p: false, s: false, pretty: false, since: false };
const UPTIME_NAMES = { p: 'pretty', s: 'since' };
/** How long the machine is up, whenever it is asked: /proc/uptime says the same. */
const UP_MINUTES = 10;
const MINUTE = 60_000;

export const uptime: Program = ({ now }, request) => {
  const options = readOptions(request.argv.slice(1), UPTIME, UPTIME_NAMES);
  if (options.error !== undefined || options.words.length > 0) {
    return { kind: 'unsupported', what: request.argv.join(' ') };
  }
  const at = (moment: number): string => new Date(moment).toISOString();
  if (has(options, 'pretty')) return reply(0, `up ${UP_MINUTES} minutes\n`);
  if (has(options, 'since')) {
    return reply(
      0,
      `${at(now - UP_MINUTES * MINUTE)
        .slice(0, 19)
        .replace('T', ' ')}\n`,
    );
  }
  const load = 'load average: 0.00, 0.00, 0.00';
  return reply(0, ` ${at(now).slice(11, 19)} up ${UP_MINUTES} min,  0 users,  ${load}\n`);
};

const VIRT: OptionTable = {
  c: false,
  v: false,
  q: false,
  container: false,
  vm: false,
  quiet: false,
};
const VIRT_NAMES = { c: 'container', v: 'vm', q: 'quiet' };

/** A virtual machine, as hostnamectl says. */
export const systemdDetectVirt: Program = (_draw, request) => {
  const options = readOptions(request.argv.slice(1), VIRT, VIRT_NAMES);
  if (options.error !== undefined || options.words.length > 0) {
    return { kind: 'unsupported', what: request.argv.join(' ') };
  }
  const kind = has(options, 'container') ? 'none' : 'kvm';
  return reply(kind === 'none' ? 1 : 0, has(options, 'quiet') ? '' : `${kind}\n`);
};

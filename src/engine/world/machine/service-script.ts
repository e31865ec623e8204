/**
 * `service` and init scripts that are called by their path: systemctl by another name.
 * Source: service(8) of init-system-helpers 1.62 and 1.65, by what it runs; Ubuntu's lsb functions
 * (40-systemd: an init script hands over to systemctl).
 * Not modelled: what an init script does itself: one with a unit of its name is that unit, any other is refused by
 * name.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { look, reply, type MachineDraw, type Program } from './program.ts';
import { openManager } from './systemd-manager.ts';
import { isActive, unitOf } from './systemd-life.ts';
import { systemctl } from './systemctl.ts';
import { UNIT_PATHS, loadUnit } from './unit-load.ts';

const USAGE =
  'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n';
const DIRECT = ['restart', 'status', 'try-restart', 'start', 'stop', 'reload'];

function ask(draw: MachineDraw, request: CommandRequest, ...words: readonly string[]): Answer {
  return systemctl(draw, { ...request, argv: ['systemctl', ...words] });
}

/** `[ + ]` for each script whose unit runs. */
function statusAll(draw: MachineDraw, request: CommandRequest): Answer {
  const first = look(request, UNIT_PATHS);
  if (first) return first;
  const manager = openManager(draw, request);
  const names = Object.keys(request.found ?? {})
    .filter((path) => /^\/etc\/init\.d\/[^/]+$/.test(path))
    .map((path) => path.slice('/etc/init.d/'.length))
    .filter((name) => !/^(?:README|skeleton|functions)$|\.dpkg-/.test(name))
    .sort();
  const lines = names.map((name) => {
    const { name: unit } = loadUnit(manager.unit, `${name}.service`);
    return ` [ ${isActive(unitOf(manager, unit)) ? '+' : '-'} ]  ${name}\n`;
  });
  return reply(0, lines.join(''));
}

/** A command that only the script itself knows. */
function byScript(request: CommandRequest, name: string, action: string): Answer {
  const first = look(request, UNIT_PATHS);
  if (first) return first;
  const is = request.found?.[`/etc/init.d/${name}`]?.kind === 'file';
  return is
    ? { kind: 'unsupported', what: `/etc/init.d/${name} ${action}` }
    : reply(1, '', `${name}: unrecognized service\n`);
}

export const service: Program = (draw, request) => {
  const [first, second, ...rest] = request.argv.slice(1);
  if (first === undefined) return reply(1, '', USAGE);
  if (/^-(?:-h|h)/.test(first)) return reply(0, '', USAGE);
  if (first === '--version' || first === '-V') return reply(0, 'service ver. 1.65.2\n');
  if (first === '--status-all' && second === undefined) return statusAll(draw, request);
  const unit = `${first.replace(/\.sh$/, '')}.service`;
  if (second === '--full-restart') return ask(draw, request, 'restart', unit);
  if (second === 'force-stop') return ask(draw, request, '--signal=KILL', 'kill', unit);
  if (second === 'force-reload') return ask(draw, request, 'reload-or-restart', unit);
  if (second !== undefined && DIRECT.includes(second)) return ask(draw, request, second, unit);
  return byScript(request, first, [second ?? '', ...rest].join(' ').trim());
};

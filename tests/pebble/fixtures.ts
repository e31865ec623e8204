/**
 * What checks find beside the recorder's fixtures: by a check's target, as the recordings' README tells it, for the
 * simulation itself asks nobody and runs nothing.
 */
import { lookup } from '../../src/engine/files/path.ts';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import type { CheckFinding, Container } from '../../src/engine/world/pebble/slice.ts';
import type { Server } from './server.ts';
import { filled } from './transcript.ts';

const UP: CheckFinding = { found: 'up' };
const DOWN: CheckFinding = { found: 'down' };
const PORT = filled('<port>');
const PAGES: Readonly<Record<string, CheckFinding>> = {
  '/ok': UP,
  '/no-content': UP,
  '/redirect': UP,
  '/broken': { found: 'down', error: 'non-2xx status code 500; broken\nbecause' },
  '/slow': { found: 'slow' },
};

function finds(container: Container, check: JsonObject): CheckFinding {
  const { http, tcp, exec } = check as Readonly<Record<string, Readonly<Record<string, string>>>>;
  if (http) {
    const { port, pathname } = new URL(http['url']!);
    const nothing = { found: 'down', error: 'non-2xx status code 404; nothing here' } as const;
    return port === PORT ? (PAGES[pathname] ?? nothing) : DOWN;
  }
  if (tcp) return String(tcp['port']) === PORT ? UP : DOWN;
  const [, path] = /^test -f (\S+)$/.exec(exec!['command']!) ?? [];
  if (path === undefined) return exec!['command'] === 'true' ? UP : DOWN;
  const found = lookup(container.root, path);
  return found && typeof found !== 'string' && found.kind === 'file' ? UP : DOWN;
}

/** Lets every check find what it would find now. */
export function withFindings(server: Server): void {
  const containers = Object.entries(server.slice.containers).map(([name, container]) => {
    const { checks } = planOfContainer(container);
    const found = Object.entries(checks).map(([check, of]) => [check, finds(container, of)]);
    const checkFindings = Object.fromEntries(found) as Record<string, CheckFinding>;
    return [name, found.length > 0 ? { ...container, checkFindings } : container];
  });
  server.slice = { containers: Object.fromEntries(containers) as Record<string, Container> };
}

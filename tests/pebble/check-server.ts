/** A container with three checks, and what may be asked of it and laid over it. */
import { produce } from 'immer';
import { layContainer } from '../../src/engine/world/pebble/container.ts';
import type { ContainerDescription } from '../../src/engine/world/pebble/container.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import type { CheckFinding } from '../../src/engine/world/pebble/slice.ts';
import { ask, decoded, httpRequest, type Server } from './server.ts';
import type { RecordedRequest } from './transcript.ts';

export const LAYER = `checks:
  alive: {override: replace, level: alive, tcp: {port: 80}}
  ready: {override: replace, level: ready, threshold: 2, period: 5s, http: {url: "http://localhost/up"}}
  off: {override: replace, startup: disabled, exec: {command: pg_isready -q}}
`;
export const DOWN: CheckFinding = { found: 'down' };

export function answer(server: Server, request: RecordedRequest): ReturnType<typeof decoded> {
  const given = ask(server, httpRequest(request));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return decoded(given);
}

export function result(server: Server, path: string, query: Record<string, string> = {}): unknown {
  const answered = answer(server, { method: 'GET', path, query });
  return (answered['json'] as { result: unknown }).result;
}

export function post(server: Server, path: string, json: object): unknown {
  const answered = answer(server, { method: 'POST', path, json: json as never });
  return (answered['json'] as { result: unknown }).result;
}

export function check(server: Server, name: string): unknown {
  return (result(server, '/v1/checks', { names: name }) as readonly unknown[])[0];
}

export function refresh(server: Server, name: string): unknown {
  return post(server, '/v1/checks/refresh', { name });
}

/** What checks find from now on; nothing comes of it yet. */
export function finding(
  server: Server,
  checkFindings: Readonly<Record<string, CheckFinding>>,
): Server {
  server.slice = produce(server.slice, (draft) => {
    for (const container of Object.values(draft.containers))
      container.checkFindings = { ...container.checkFindings, ...checkFindings };
  });
  return server;
}

/** What a tree lays over the container. */
export function lay(server: Server, over: ContainerDescription): Server {
  const [name, container] = Object.entries(server.slice.containers)[0]!;
  const laid = layContainer(container, over, server);
  server.slice = { containers: { [name]: laid } };
  return server;
}

export function opened(server: Server): Server {
  const event = { kind: 'lifecycle', name: 'update-status' } as const;
  server.slice = pebble.open!(server.slice, event, {} as never, server.now);
  return server;
}

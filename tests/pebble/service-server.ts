/** A container whose services behave as a test says, and what may be asked of them. */
import type { JsonObject } from '../../src/engine/model/json.ts';
import type { Millis } from '../../src/engine/model/request.ts';
import { layPrograms } from '../../src/engine/world/pebble/behaviour-lay.ts';
import type {
  PebbleChange,
  Program,
  ServiceEvent,
  ServiceState,
} from '../../src/engine/world/pebble/slice.ts';
import { ask, containerOf, decoded, httpRequest, serverWith, type Server } from './server.ts';
import type { RecordedRequest } from './transcript.ts';

/** The program that keeps running, but for what is said of it. */
export function program(more: Partial<Program> = {}): Program {
  return { after: 0, output: '', slow: 0, ...more };
}

export function lay(server: Server, programs: Readonly<Record<string, Program | null>>): void {
  const [[name = ''] = []] = Object.entries(server.slice.containers);
  const container = layPrograms(containerOf(server), programs, server.now);
  server.slice = { containers: { [name]: container } };
}

/** By service: fields of its entry in the plan besides the command. */
export function serving(
  services: Readonly<Record<string, JsonObject>>,
  programs: Readonly<Record<string, Program>> = {},
): Server {
  const entries = Object.entries(services).map(([name, more]) => [
    name,
    { override: 'replace', command: `run ${name}`, ...more },
  ]);
  const server = serverWith([JSON.stringify({ services: Object.fromEntries(entries) })]);
  lay(server, programs);
  return server;
}

export function asked(server: Server, request: RecordedRequest): ReturnType<typeof decoded> {
  const answer = ask(server, httpRequest(request));
  if (answer.kind !== 'reply') throw new Error(JSON.stringify(answer));
  return decoded(answer);
}

/** Asks for an action on services; the number of its change. */
export function post(server: Server, action: string, services?: readonly string[]): string {
  const json = services ? { action, services } : { action };
  const answer = asked(server, { method: 'POST', path: '/v1/services', json });
  return (answer['json'] as { change: string }).change;
}

export function signal(server: Server, name: string, services: readonly string[]): JsonObject {
  const json = { signal: name, services };
  return asked(server, { method: 'POST', path: '/v1/signals', json });
}

export function stateOf(server: Server, name: string): ServiceState {
  return containerOf(server).services[name]!;
}

export function changeOf(server: Server, id: string): PebbleChange {
  return containerOf(server).changes[id]!;
}

/** What happened, each in a few words, with how long after the beginning. */
export function told(server: Server, begun: Millis): readonly string[] {
  return containerOf(server).history.map((event) => `${event.at - begun} ${worded(event)}`);
}

function worded({ service, what, by, code, next, signal: sent, times }: ServiceEvent): string {
  const more = [by, code, sent, next && `then ${next}`, times && `×${times}`];
  return [service, what, ...more.filter((word) => word !== undefined)].join(' ');
}

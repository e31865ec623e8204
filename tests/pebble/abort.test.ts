import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { pass, type Server } from './server.ts';
import { asked, changeOf, post, program, serving, stateOf, told } from './service-server.ts';

function abort(server: Server, change: string): JsonObject {
  const request = { method: 'POST', path: `/v1/changes/${change}`, json: { action: 'abort' } };
  return (asked(server, request)['json'] as JsonObject)['result'] as JsonObject;
}

function statuses(tasks: unknown): readonly string[] {
  return (tasks as readonly { summary: string; status: string }[]).map(
    ({ summary, status }) => `${summary}: ${status}`,
  );
}

describe('a change of services that is aborted', () => {
  it('kills what is starting, begins nothing more, and leaves what has started', () => {
    const web = { requires: ['db'], after: ['db'] };
    const edge = { requires: ['web'], after: ['web'] };
    const server = serving({ db: {}, web, edge });
    const begun = server.now;
    const change = post(server, 'start', ['edge']);
    pass(server, 1500);
    const answer = abort(server, change);
    expect(answer['status']).toBe('Abort');
    expect(statuses(answer['tasks'])).toEqual([
      'Start service "db": Undo',
      'Start service "web": Abort',
      'Start service "edge": Hold',
    ]);
    const ended = changeOf(server, change);
    expect(statuses(ended.tasks)).toEqual([
      'Start service "db": Done',
      'Start service "web": Error',
      'Start service "edge": Hold',
    ]);
    expect(ended).toMatchObject({
      status: 'Error',
      ready: server.now,
      err:
        'cannot perform the following tasks:\n- Start service "web" ' +
        '(start aborted, sent SIGKILL to process)',
    });
    expect(stateOf(server, 'db').current).toBe('active');
    expect(stateOf(server, 'web').current).toBe('inactive');
    expect(told(server, begun).slice(-2)).toEqual(['1500 web killed abort', '1500 web exited 137']);
  });

  it('still waits for what is stopping', () => {
    const server = serving({ web: {} }, { web: program({ slow: 2000 }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    const change = post(server, 'stop', ['web']);
    expect(abort(server, change)['status']).toBe('Abort');
    pass(server, 1999);
    expect(changeOf(server, change)).toMatchObject({ status: 'Abort', ready: null });
    pass(server, 1);
    expect(changeOf(server, change)).toMatchObject({ status: 'Done', ready: server.now });
    expect(stateOf(server, 'web').current).toBe('inactive');
  });

  it('cannot be once it has ended', () => {
    const server = serving({ web: {} });
    const change = post(server, 'start', ['web']);
    pass(server, 1000);
    expect(abort(server, change)['message']).toBe('cannot abort change 1 with nothing pending');
  });
});

/** What the programs that a charm executed were given and printed, gathered for the calls that asked for them. */
import type { Blobs } from '../model/counterpart.ts';
import type { Reply, Request, Sockets } from '../model/request.ts';
import type { RecordedExec, Text } from '../record/format.ts';
import { decodeJson } from '../world/pebble/go-json.ts';
import { endpointOf } from '../world/pebble/request-url.ts';
import type { State } from '../world/state.ts';

type Printed = {
  readonly container: string;
  readonly task: string;
  readonly command: readonly string[];
  readonly chunks: Chunk[];
};
type Chunk = { readonly socket: string; readonly bytes: Uint8Array };

export type Executions = {
  /** Notes the call at this place among the entries, if it had a program executed. */
  asked(place: number, request: Request, reply: Reply): void;
  sent(frames: Sockets['frames']): void;
  /** By the place of the call. */
  recorded(state: State): ReadonlyMap<number, RecordedExec>;
};

function taskOf(reply: Reply): string | null {
  const answer = JSON.parse(String(reply.out)) as { result?: { 'task-id'?: string } };
  return answer.result?.['task-id'] ?? null;
}

/** Of a request that was taken: what follows its JSON is nobody's concern. */
function commandOf(body: Uint8Array): readonly string[] {
  const decoded = decodeJson(new TextDecoder().decode(body));
  return 'value' in decoded ? (decoded.value as { command: readonly string[] }).command : [];
}

function joined(chunks: readonly Chunk[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((size, { bytes }) => size + bytes.length, 0));
  let at = 0;
  for (const { bytes } of chunks) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

function recordedOf(
  { container, task, command, chunks }: Printed,
  state: State,
  keep: (bytes: Uint8Array) => Text,
): RecordedExec {
  const { executed = [] } = state.pebble.containers[container] ?? {};
  const known = executed.findLast((one) => one.task === task);
  const [stdout, stderr] = ['stdio', 'stderr'].map((socket) =>
    joined(chunks.filter((chunk) => chunk.socket === socket)),
  );
  return {
    command,
    ...(known?.stdin === undefined ? {} : { stdin: known.stdin }),
    ...(stdout?.length ? { stdout: keep(stdout) } : {}),
    ...(stderr?.length ? { stderr: keep(stderr) } : {}),
    ...(known?.signalled === undefined ? {} : { signalled: known.signalled }),
    ...(known?.real ? { real: true } : {}),
    exit: known?.exit ?? null,
  };
}

export function openExecutions(
  blobs: Blobs,
  keep: (bytes: Uint8Array, blobs: Blobs) => Text,
): Executions {
  const calls = new Map<number, Printed>();
  const bySocket = new Map<string, Printed>();
  return {
    asked(place, request, reply) {
      if (request.kind !== 'http' || reply.code !== 202) return;
      if (endpointOf(request.url).path !== '/v1/exec') return;
      const task = taskOf(reply);
      if (task === null) return;
      const command = commandOf(request.body);
      const printed = { container: request.channel, task, command, chunks: [] };
      calls.set(place, printed);
      bySocket.set(`${request.channel} ${task}`, printed);
    },
    sent(frames) {
      for (const { channel, socket, frame } of frames) {
        const [task = '', name = ''] = socket.split('/');
        if (!('bytes' in frame)) continue;
        bySocket.get(`${channel} ${task}`)?.chunks.push({ socket: name, bytes: frame.bytes });
      }
    },
    recorded: (state) =>
      new Map(
        [...calls].map(([place, printed]) => [
          place,
          recordedOf(printed, state, (bytes) => keep(bytes, blobs)),
        ]),
      ),
  };
}

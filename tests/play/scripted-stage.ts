/** A stage on which a script stands in for the charm: it asks what it likes and ends as it likes. No process runs. */
import type { Ended, Job, Listener, Stage } from '../../src/engine/model/dispatch.ts';
import type { Brought, Errand } from '../../src/engine/model/errand.ts';
import type { Json } from '../../src/engine/model/json.ts';
import type { End } from '../../src/engine/model/outcome.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import { sha256 } from '../../src/engine/project/digest.ts';

export type Asking = {
  readonly job: Job;
  /** Runs a hook command: its exit code and stdout. */
  command(...argv: readonly string[]): { code: number; out: string };
  /** Asks a container's Pebble for something: what it answers. */
  get(container: string, url: string): { code: number; out: string };
  /** Writes a file in a container through its Pebble. */
  push(container: string, path: string, text: string): { code: number; out: string };
  /** Sends JSON to a container's Pebble. */
  post(container: string, url: string, json: Json): { code: number; out: string };
  sleep(seconds: number): void;
  line(text: string): void;
};
/** Ends with the exit code returned, or as the returned End says. */
export type Script = (asking: Asking) => number | Partial<Ended>;

/** Blobs in memory. */
export function blobsInMemory(): Blobs {
  const kept = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = sha256(bytes);
      kept.set(digest, bytes);
      return digest;
    },
    get(digest) {
      const found = kept.get(digest);
      if (!found) throw new Error(`nothing has the digest ${digest}`);
      return found;
    },
  };
}

function channelOf(job: Job, name: string): string {
  const found = job.channels.find(
    (channel) => channel.kind === 'commands' && channel.names.includes(name),
  );
  if (!found) throw new Error(`no ${name} on PATH`);
  return found.channel;
}

/** The program is ended from outside while it asks. */
class Cut extends Error {
  readonly end: End;
  constructor(end: End) {
    super(JSON.stringify(end));
    this.end = end;
  }
}

function playing(script: Script, asking: Asking): ReturnType<Script> {
  try {
    return script(asking);
  } catch (error) {
    if (error instanceof Cut) return { end: error.end };
    throw error;
  }
}

const BOUNDARY = '01234567890123456789012345678901';

function post(
  listener: Listener,
  { container, url, type, body }: { container: string; url: string; type: string; body: string },
): { code: number; out: string } {
  const asked = listener.ask({
    kind: 'http',
    channel: container,
    method: 'POST',
    url,
    headers: { 'content-type': type },
    body: new TextEncoder().encode(body),
  });
  answered(asked);
  return { code: asked.reply.code, out: String(asked.reply.out) };
}

function answered(
  asked: ReturnType<Listener['ask']>,
): asserts asked is Extract<ReturnType<Listener['ask']>, { reply: unknown }> {
  if ('end' in asked) throw new Cut(asked.end);
  if (!('reply' in asked)) throw new Error('a script has no files to look at');
}

function nothing({ container }: Errand): never {
  throw new Error(`a script does not run programs in ${container}`);
}

/** As a stage does it: the host is sent for what is wanted. */
function sending(listener: Listener, brings: (errand: Errand) => Brought): Listener {
  return {
    ...listener,
    ask(request) {
      let heard = listener.ask(request);
      while ('errand' in heard) heard = heard.bring(brings(heard.errand));
      if (!('look' in heard) || request.kind !== 'commands') return heard;
      // A script's machine has no files of its own.
      return listener.ask({ ...request, found: {} });
    },
  };
}

/** Every dispatch is answered by the script; `jobs` lists what was dispatched. */
export function scriptedStage(
  script: Script,
  brings: (errand: Errand) => Brought = nothing,
): { stage: Stage; jobs: Job[] } {
  const jobs: Job[] = [];
  const dispatch = async (job: Job, told: Listener): Promise<Ended> => {
    jobs.push(job);
    const listener = sending(told, brings);
    const ended = playing(script, {
      job,
      line: (text) => listener.line('stderr', text),
      command(...argv) {
        const channel = channelOf(job, argv[0] ?? '');
        const asked = listener.ask({ kind: 'commands', channel, argv, cwd: '/', stdin: null });
        answered(asked);
        return { code: asked.reply.code, out: String(asked.reply.out) };
      },
      get(container, url) {
        const request = { kind: 'http', channel: container, method: 'GET', url } as const;
        const asked = listener.ask({ ...request, headers: {}, body: new Uint8Array() });
        answered(asked);
        return { code: asked.reply.code, out: String(asked.reply.out) };
      },
      push(container, path, text) {
        const files = [{ path, 'make-dirs': true }];
        const type = `multipart/form-data; boundary=${BOUNDARY}`;
        const parts = [
          ['name="request"', JSON.stringify({ action: 'write', files })],
          [`name="files"; filename="${path}"`, text],
        ].map(([name, body]) => `Content-Disposition: form-data; ${name}\r\n\r\n${body}\r\n`);
        const body = [...parts.map((part) => `--${BOUNDARY}\r\n${part}`), `--${BOUNDARY}--\r\n`];
        return post(listener, { container, url: '/v1/files', type, body: body.join('') });
      },
      post: (container, url, json) =>
        post(listener, { container, url, type: 'application/json', body: JSON.stringify(json) }),
      sleep(seconds) {
        listener.ask({ kind: 'calls', channel: 'clock', name: 'sleep', args: [seconds] });
      },
    });
    const more =
      typeof ended === 'number' ? { end: { kind: 'exited', code: ended } as const } : ended;
    return {
      end: { kind: 'exited', code: 0 },
      reason: '',
      charmDir: job.charmDir,
      folders: job.folders,
      ...more,
    };
  };
  const stage: Stage = {
    dispatch,
    send: async (errand) => brings(errand),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { stage, jobs };
}

/**
 * POST /v1/signals: a signal to the processes of services.
 * Source: pebble internals/daemon/api_signals.go, servstate/manager.go (SendSignal), handlers.go (sendSignal).
 * Not modelled: signals that stop a process for a while; they are refused by name.
 */
import type { Draft } from 'immer';
import { emptyDir, fileOf, mkdirAll, write } from '../../files/edit.ts';
import type { Dir } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import type { Millis } from '../../model/request.ts';
import { badRequest, failure, quoted, sync } from './answer.ts';
import type { Handler } from './asked.ts';
import { signalService } from './behaviour.ts';
import { before } from './draft-members.ts';
import { dirOf } from './file-path.ts';
import { isWrong, payloadOf } from './payload.ts';
import type { Container, Reaction } from './slice.ts';
import { run } from './tasks.ts';

const STOPPING = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
type Writing = { readonly blobs: Blobs; readonly now: Millis };

/** The files with one more, as a program writes it; as they are where it cannot. */
function withFile(root: Dir, path: string, text: string, { blobs, now }: Writing): Dir {
  const bytes = new TextEncoder().encode(text);
  const parents = mkdirAll(root, dirOf(path), emptyDir(now));
  if (typeof parents === 'string') return root;
  const file = fileOf({ digest: blobs.put(bytes), size: bytes.length }, now);
  const written = write(parents, path, file);
  return typeof written === 'string' ? root : written;
}

function writeFiles(
  container: Draft<Container>,
  files: NonNullable<Reaction['files']>,
  writing: Writing,
): void {
  for (const [path, text] of Object.entries(files)) {
    container.root = withFile(before<Dir>(container.root), path, text, writing) as Draft<Dir>;
  }
}

/** Each service in turn gets it; one that cannot does not keep it from the others. */
export const postSignals: Handler = ({ body, container: { services: known }, ...asked }) => {
  const { now, blobs } = asked;
  const payload = payloadOf(body, { signal: 'string', services: '[]string' });
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  const { signal, services } = payload;
  if (services.length === 0) return badRequest('must specify one or more services');
  const running = services.some(
    (name) => Object.hasOwn(known, name) && known[name]?.current === 'active',
  );
  if (running && STOPPING.includes(signal))
    return { kind: 'unsupported', what: `pebble signal ${signal}` };
  const errors: string[] = [];
  asked.change((container) => {
    errors.length = 0;
    for (const name of services) {
      const sent = signalService({ container, name, at: now }, signal);
      if ('error' in sent) errors.push(`cannot send signal to ${quoted(name)}: ${sent.error}`);
      else writeFiles(container, sent.reaction?.files ?? {}, { blobs, now });
    }
    run(container, now);
  });
  return errors.length > 0 ? failure(500, errors.join('; ')) : sync(true);
};

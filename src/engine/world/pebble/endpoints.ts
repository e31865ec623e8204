/**
 * Pebble's endpoints: which paths there are, which methods each has, who answers.
 * Source: pebble daemon/api.go, daemon.go.
 * Not modelled: pairing, metrics; each is refused by name, after what Pebble itself would refuse first.
 */
import type { Answer } from '../../model/request.ts';
import { badRequest, failure, quoted, sync } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { getChange, getChanges, postChange, waitChange } from './changes.ts';
import { getChecks, getHealth, postChecks, refreshCheck } from './checks.ts';
import { getWebsocket } from './exec-sockets.ts';
import { postExec } from './exec.ts';
import { getFiles, postFiles } from './files.ts';
import { getIdentities, postIdentities } from './identities.ts';
import { getPlan, postLayers } from './layers.ts';
import { getLogs } from './logs.ts';
import { getNotice, getNotices, postNotices } from './notices.ts';
import { isWrong, payloadOf } from './payload.ts';
import { getServices, oneService, postServices } from './services.ts';
import { postSignals } from './signals.ts';

const VERSION = 'v1.32.1';

const systemInfo: Handler = ({ container }) =>
  sync({ 'boot-id': container.bootId, version: VERSION });

function unsupported(what: string): Handler {
  return () => ({ kind: 'unsupported', what });
}

/**
 * Refuses a body that is no JSON in the words of the endpoint, then says that the rest is not
 * modelled.
 */
function unsupportedPost(what: string, decoding: string): Handler {
  return ({ body }) => {
    const payload = payloadOf(body, {});
    return isWrong(payload)
      ? badRequest(`cannot decode ${decoding}: ${payload.wrong}`)
      : { kind: 'unsupported', what };
  };
}

const BODY = 'request body';
type Endpoint = { readonly path: RegExp; readonly GET?: Handler; readonly POST?: Handler };
const ENDPOINTS: readonly Endpoint[] = [
  { path: /^\/v1\/system-info$/, GET: systemInfo },
  { path: /^\/v1\/health$/, GET: getHealth },
  { path: /^\/v1\/changes$/, GET: getChanges },
  { path: /^\/v1\/changes\/([^/]+)$/, GET: getChange, POST: postChange },
  { path: /^\/v1\/changes\/([^/]+)\/wait$/, GET: waitChange },
  { path: /^\/v1\/services$/, GET: getServices, POST: postServices },
  { path: /^\/v1\/services\/([^/]+)$/, GET: oneService, POST: oneService },
  { path: /^\/v1\/plan$/, GET: getPlan },
  { path: /^\/v1\/layers$/, POST: postLayers },
  { path: /^\/v1\/files$/, GET: getFiles, POST: postFiles },
  { path: /^\/v1\/logs$/, GET: getLogs },
  { path: /^\/v1\/exec$/, POST: postExec },
  { path: /^\/v1\/tasks\/([^/]+)\/websocket\/([^/]+)$/, GET: getWebsocket },
  { path: /^\/v1\/signals$/, POST: postSignals },
  { path: /^\/v1\/checks$/, GET: getChecks, POST: postChecks },
  { path: /^\/v1\/checks\/refresh$/, POST: refreshCheck },
  {
    path: /^\/v1\/notices$/,
    GET: getNotices,
    POST: postNotices,
  },
  { path: /^\/v1\/notices\/([^/]+)$/, GET: getNotice },
  {
    path: /^\/v1\/identities$/,
    GET: getIdentities,
    POST: postIdentities,
  },
  { path: /^\/v1\/pairing$/, POST: unsupportedPost('pebble pairing', BODY) },
  { path: /^\/v1\/metrics$/, GET: unsupported('pebble metrics') },
];

/** The answer of the endpoint that has this path and method. */
export function answerAt(path: string, asked: Asked): Answer {
  const found = ENDPOINTS.find((endpoint) => endpoint.path.test(path));
  if (!found) return failure(404, 'invalid API endpoint requested');
  const { method } = asked;
  const handler = method === 'GET' || method === 'POST' ? found[method] : undefined;
  if (!handler) return failure(405, `method ${quoted(method)} not allowed`);
  return handler({ ...asked, parts: found.path.exec(path)?.slice(1) ?? [] });
}

/**
 * Checks that ask over a network, from within the sandbox of their container, whose network is its own: what a service
 * serves there is asked there. What nobody there answers is left to the host.
 * Source: pebble internals/overlord/checkstate/checkers.go; Go net/http (Client.Do), for redirections.
 * Not modelled: https.
 */
import { get, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import type { ContainerSandbox } from '../../src/engine/dispatch/container-sandbox.ts';
import { object, text, type Entry } from '../../src/engine/world/pebble/plan.ts';
import type { Page, Place } from './findings.ts';

const REDIRECTIONS_MAX = 10;

/** Where a check of http or tcp asks; null where that cannot be in a container. */
export function placeOf(check: Entry): Place | null {
  const [http, tcp] = [object(check, 'http'), object(check, 'tcp')];
  if (tcp) return { host: text(tcp, 'host') || 'localhost', port: Number(tcp['port']) };
  const url = http && URL.canParse(text(http, 'url')) ? new URL(text(http, 'url')) : null;
  if (url?.protocol !== 'http:') return null;
  return { host: url.hostname, port: Number(url.port || 80) };
}

/** Whether somebody listens there, in the container. */
export async function listensIn(sandbox: ContainerSandbox, { host, port }: Place) {
  const connection = sandbox.connect(host, port, () => undefined);
  connection.signal('SIGKILL');
  return !('failed' in (await connection.exited));
}

function connectionIn(sandbox: ContainerSandbox, { host, port }: Place): Duplex {
  const duplex = new Duplex({
    read: () => undefined,
    write(bytes: Buffer, _encoding, done) {
      connection.write(bytes);
      done();
    },
    final(done) {
      connection.end();
      done();
    },
    destroy(error, done) {
      connection.signal('SIGKILL');
      done(error);
    },
  });
  const connection = sandbox.connect(host, port, (bytes) => void duplex.push(bytes));
  void connection.exited.then(() => duplex.push(null));
  return duplex;
}

/** What a page of a server in the container answers. */
export async function pageIn(sandbox: ContainerSandbox, page: Page, left = REDIRECTIONS_MAX) {
  const url = new URL(page.url);
  const place = { host: url.hostname, port: Number(url.port || 80) };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { headers, signal } = page;
  const createConnection = (): Duplex => connectionIn(sandbox, place);
  get(url, { headers, signal, createConnection }, resolve).on('error', reject);
  const response = await promise;
  const body = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>));
  const { statusCode: status = 0 } = response;
  const { location } = response.headers;
  if (status < 300 || status > 399 || location === undefined || left === 0) return { status, body };
  return await pageIn(sandbox, { ...page, url: new URL(location, url).href }, left - 1);
}

/** `playbill preview`: serves the built site on the loopback address. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import sirv from 'sirv';
import { Mistake } from '../src/engine/model/mistake.ts';

const PORT = 4321;

/** Serves until it is ended. */
export async function previewCommand(options: { out?: string; port?: string }): Promise<void> {
  const folder = resolve(options.out ?? 'site');
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Mistake(`there is no site in ${options.out ?? 'site'}`, {
      hint: 'playbill build makes it',
    });
  }
  const port = Number(options.port ?? PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Mistake(`${options.port} is no port`, { hint: 'a number from 0 to 65535' });
  }
  const serve = sirv(folder, { dev: true, extensions: ['html'] });
  const server = createServer((request, response) => serve(request, response));
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  }).catch((error: Error) => {
    throw new Mistake(`cannot serve on port ${port}: ${error.message}`, { hint: 'try --port 0' });
  });
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}/`);
}

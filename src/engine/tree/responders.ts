/** Everybody on the other side of a relation whom the library knows. */
import type { Responder } from './responder.ts';
import { TLS } from './responders-tls.ts';
import { DATABASES } from './responders-databases.ts';
import { WEB } from './responders-web.ts';

export const RESPONDERS: readonly Responder[] = [...DATABASES, ...WEB, TLS];

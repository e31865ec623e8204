/**
 * What checks find in a container that is served on the host's clock: http and tcp checks are really asked for,
 * commands run where programs do. While nobody has answered yet a check is slow; its time-out is the simulated
 * Pebble's.
 * Source: pebble internals/overlord/checkstate/checkers.go.
 */
import { connect } from 'node:net';
import type { Millis } from '../../src/engine/model/request.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { object, text, type Entry } from '../../src/engine/world/pebble/plan.ts';
import type { CheckFinding, Container } from '../../src/engine/world/pebble/slice.ts';

const ERROR_BYTES = 512;
const ERROR_LINES = 5;
/** Nobody is asked for longer, whatever the check's own time-out. */
const PATIENCE_MS = 60_000;

const UP: CheckFinding = { found: 'up' };
const DOWN: CheckFinding = { found: 'down' };

/** An error with the last that was said, or the first. */
export function detailed(error: string, said: string): string {
  const lines = said.trim().split('\n');
  const shown = lines.length > ERROR_LINES ? [...lines.slice(0, ERROR_LINES), '(...)'] : lines;
  return said.trim() === '' ? error : `${error}; ${shown.join('\n')}`;
}

export type Page = {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
};
export type Place = { readonly host: string; readonly port: number };
type Answered = { readonly status: number; readonly body: Buffer };

async function pageOfHost({ url, ...how }: Page): Promise<Answered> {
  const response = await fetch(url, how);
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

/** Performs a check of http. */
export async function pageFinding(http: Entry, ask = pageOfHost): Promise<CheckFinding> {
  const headers = (object(http, 'headers') ?? {}) as Record<string, string>;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answered = await ask({ url: text(http, 'url'), headers, signal }).catch(() => null);
  if (!answered) return DOWN;
  const { status, body } = answered;
  if (status >= 200 && status <= 299) return UP;
  const said = body.subarray(0, ERROR_BYTES).toString('utf8');
  return { found: 'down', error: detailed(`non-2xx status code ${status}`, said) };
}

function portFinding(tcp: Entry): Promise<CheckFinding> {
  const { promise, resolve } = Promise.withResolvers<CheckFinding>();
  const socket = connect({ host: text(tcp, 'host') || 'localhost', port: Number(tcp['port']) });
  const end = (finding: CheckFinding): void => {
    socket.destroy();
    resolve(finding);
  };
  socket.setTimeout(PATIENCE_MS, () => end(DOWN));
  socket.once('connect', () => end(UP));
  socket.once('error', () => end(DOWN));
  return promise;
}

/** Performs a check in the container; null: it is left to the host. */
export type Performs = (check: Entry, container: Container) => Promise<CheckFinding | null>;

type Looked = { readonly at: Millis; readonly finding: CheckFinding };

export class Findings {
  private readonly performs: Performs | null;
  private readonly found: () => void;
  /** By check: what was found when it was last looked at. */
  private readonly known = new Map<string, Looked>();

  /** `found` is called when somebody has answered. Without `performs` commands are taken to succeed. */
  constructor(performs: Performs | null, found: () => void) {
    this.performs = performs;
    this.found = found;
  }

  /** The container whose checks find what there is; those that are due, and `refreshed`, are looked at. */
  told(container: Container, refreshed: string | null): Container {
    const { checks } = planOfContainer(container);
    const all = Object.entries(checks).map(([name, check]) => {
      const due = container.checks[name]?.next ?? null;
      return [name, this.findingOf(name, check, { container, due, refreshed })] as const;
    });
    return all.length === 0
      ? container
      : { ...container, checkFindings: Object.fromEntries(all) as Record<string, CheckFinding> };
  }

  /** When a check has to be looked at next. */
  next(container: Container): Millis | null {
    const moments = Object.entries(container.checks).flatMap(([name, { next, change }]) => {
      const at = this.known.get(name)?.at;
      return next === undefined || change === undefined || at === next ? [] : [next];
    });
    return moments.length === 0 ? null : Math.min(...moments);
  }

  private findingOf(
    name: string,
    check: Entry,
    {
      container,
      due,
      refreshed,
    }: { container: Container; due: Millis | null; refreshed: string | null },
  ): CheckFinding {
    const known = this.known.get(name);
    const isDue = due !== null && due <= Date.now() && known?.at !== due;
    if (isDue || name === refreshed)
      this.look(name, check, { container, at: isDue ? due : (known?.at ?? 0) });
    return this.known.get(name)?.finding ?? UP;
  }

  private look(
    name: string,
    check: Entry,
    { container, at }: { container: Container; at: Millis },
  ) {
    const looked: Looked = { at, finding: { found: 'slow' } };
    this.known.set(name, looked);
    void this.asked(check, container).then((finding) => {
      if (this.known.get(name) !== looked) return;
      this.known.set(name, { at, finding });
      this.found();
    });
  }

  private async asked(check: Entry, container: Container): Promise<CheckFinding> {
    const found = await this.performs?.(check, container);
    if (found) return found;
    const [http, tcp] = [object(check, 'http'), object(check, 'tcp')];
    if (http) return await pageFinding(http);
    return tcp ? await portFinding(tcp) : UP;
  }
}

/** How what an event asks is answered: at once, or after the host was sent for something that the answer needs. */
import type { Heard, Job, Listener, ProcessesChange } from '../model/dispatch.ts';
import type { Brought, Errand } from '../model/errand.ts';
import type { End } from '../model/outcome.ts';
import type { Millis, Request } from '../model/request.ts';
import type { EventWebsockets } from './event-websockets.ts';
import type { Told as MachineTold } from './machine-programs.ts';

/** null: no answer will ever come. */
export type Told<What> = What | null | Promise<What | null>;
/** The event whose requests are answered. */
export type Teller = {
  readonly over: () => boolean;
  pass(): void;
  endHere(end: End): null;
  cut(end: End): void;
  readonly websockets: EventWebsockets;
};
type Ways = {
  readonly setClock: (now: Millis) => void;
  readonly send: (errand: Errand) => Promise<Brought>;
  /** Makes what became of simulated processes be seen. */
  readonly stage: (change: ProcessesChange) => Promise<void>;
};
export type Telling = {
  tell(request: Request): Told<MachineTold>;
  readonly now: () => Millis;
  readonly answered: () => number;
  /** A bug of ours that showed meanwhile. */
  readonly bug: () => unknown;
};

export function openTelling(
  teller: () => Teller,
  { job, listener, ways }: { job: Job; listener: Listener; ways: Ways },
): Telling {
  let now = job.now;
  let answered = 0;
  let bug: unknown;
  const failed = (error: unknown): null => {
    bug = error;
    teller().cut({ kind: 'not-started', reason: 'the engine failed while it answered' });
    return null;
  };
  const settle = (heard: Heard): Told<MachineTold> => {
    if ('end' in heard) return teller().endHere(heard.end);
    if ('look' in heard) return heard;
    if ('errand' in heard) return fetch(heard).catch(failed);
    if (heard.now !== now) ways.setClock((now = heard.now));
    answered += 1;
    teller().websockets.take(heard.sockets);
    const { reply, processes } = heard;
    if (!processes) return reply;
    return ways.stage(processes).then(() => reply, failed);
  };
  const fetch = async ({ errand, bring }: Extract<Heard, { errand: Errand }>) => {
    const brought = await ways.send(errand);
    if (teller().over()) return null;
    teller().pass();
    return settle(bring(brought));
  };
  return {
    now: () => now,
    answered: () => answered,
    bug: () => bug,
    tell(request) {
      try {
        teller().pass();
        return settle(listener.ask(request));
      } catch (error) {
        return failed(error);
      }
    },
  };
}

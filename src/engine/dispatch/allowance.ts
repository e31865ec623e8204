/** How much a charm may ask of the engine in one event. */
import type { Limits } from '../model/dispatch.ts';
import type { Request } from '../model/request.ts';

/** What is traced is the framework's doing, several for each of its calls; without end it is a charm's. */
const TRACES_PER_CALL = 10;
/** A program's input comes in many frames, and may come to this many bytes. */
const FRAMES_PER_CALL = 100;
const FRAMES_BYTES_MAX = 256 << 20;

export type Allowance = {
  /** Counts a request. False: it is one too many. */
  readonly asks: (request: Request) => boolean;
  readonly traces: () => boolean;
};

export function allowanceOf({ calls: allowed }: Limits): Allowance {
  const counted = { calls: 0, traces: 0, frames: 0, bytes: 0 };
  return {
    asks(request) {
      if (request.kind !== 'websocket') return (counted.calls += 1) <= allowed;
      counted.frames += 1;
      counted.bytes += 'bytes' in request.frame ? request.frame.bytes.length : 0;
      return counted.frames <= FRAMES_PER_CALL * allowed && counted.bytes <= FRAMES_BYTES_MAX;
    },
    traces: () => (counted.traces += 1) <= TRACES_PER_CALL * allowed,
  };
}

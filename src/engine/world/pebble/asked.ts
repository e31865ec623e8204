/** A request on a container's socket, taken apart, and what its handler may see and change. */
import type { Draft } from 'immer';
import type { Blobs, Draw } from '../../model/counterpart.ts';
import type { Answer, Millis } from '../../model/request.ts';
import type { Container, PebbleSlice } from './slice.ts';

export type Asked = {
  readonly container: Container;
  readonly method: string;
  readonly query: URLSearchParams;
  /** The parts of the path that an endpoint leaves open, in order. */
  readonly parts: readonly string[];
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly now: Millis;
  /** When the request came: earlier than `now` once it has waited. */
  readonly since: Millis;
  readonly blobs: Blobs;
  /** Changes the container at once, whatever the hook's end. */
  change(work: (container: Draft<Container>) => void): void;
};
export type Handler = (asked: Asked) => Answer;

/**
 * Values of a parameter that may be repeated and hold several, with commas; empty ones left out.
 */
export function names(query: URLSearchParams, parameter: string): readonly string[] {
  return query
    .getAll(parameter)
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Lets a change reach the container of that name in the slice. */
export function changer(draw: Draw<PebbleSlice, object>, name: string): Asked['change'] {
  return (work) =>
    draw.set((slice) => {
      const container = slice.containers[name];
      if (!container) throw new Error(`no container ${name}`);
      work(container);
    });
}

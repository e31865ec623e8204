/** An event in words: what it is, and what Juju tells the charm about it. */
import { plainText } from '../chart/plain-text.ts';
import type { Event } from '../engine/model/event.ts';
import { eventName } from '../engine/model/event.ts';
import { jsonText } from './values.ts';

export type EventView = {
  readonly name: string;
  readonly kind: 'hook' | 'action';
  /** One clause: `relation db:0 with pg, about pg/0`; empty when the name says all. */
  readonly detail: string;
};

export function eventView(event: Event): EventView {
  const name = plainText(eventName(event));
  switch (event.kind) {
    case 'lifecycle':
      return { name, kind: 'hook', detail: '' };
    case 'storage':
      return { name, kind: 'hook', detail: plainText(`storage ${event.id}`) };
    case 'secret': {
      const revision = event.revision === undefined ? '' : `, revision ${event.revision}`;
      const called = event.label === '' ? event.secret : event.label;
      return { name, kind: 'hook', detail: plainText(`secret ${called}${revision}`) };
    }
    case 'pebble-notice':
      return { name, kind: 'hook', detail: plainText(`notice ${event.key}`) };
    case 'pebble-check':
      return { name, kind: 'hook', detail: plainText(`check ${event.check}`) };
    case 'pebble-ready':
      return {
        name,
        kind: 'hook',
        detail: `Pebble answers in container ${plainText(event.container)}`,
      };
    case 'action':
      return { name, kind: 'action', detail: `params ${plainText(jsonText(event.params))}` };
    case 'relation': {
      const about = event.unit ? `, about ${event.unit}` : '';
      const leaving = event.departing ? `, ${event.departing} departs` : '';
      return {
        name,
        kind: 'hook',
        detail: plainText(
          `relation ${event.endpoint}:${event.relation} with ${event.app}${about}${leaving}`,
        ),
      };
    }
  }
}

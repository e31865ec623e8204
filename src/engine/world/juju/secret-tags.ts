/**
 * Applications, units and relations as Juju's tags name them, and which names are names at all.
 * Source: github.com/juju/names
 */
import type { Charm } from '../../model/charm.ts';
import type { JujuSlice } from './slice.ts';

const APPLICATION = '[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*';

export function isApplicationName(text: string): boolean {
  return new RegExp(`^${APPLICATION}$`).test(text);
}

export function isUnitName(text: string): boolean {
  return new RegExp(`^${APPLICATION}/(?:0|[1-9][0-9]*)$`).test(text);
}

/** `application-web`, `unit-web-0`. */
export function entityTag(name: string): string {
  return name.includes('/') ? `unit-${name.replace('/', '-')}` : `application-${name}`;
}

/** `relation-web.db#postgresql.db`: the side that requires comes first, a peer relation has one side only. */
export function scopeTag(slice: JujuSlice, charm: Charm, key: string): string {
  const [endpoint = ''] = key.split(':');
  const role = charm.endpoints[endpoint]?.role;
  const [own, other] = [slice.app, slice.relations[key]?.app ?? ''].map(
    (app) => `${app}.${endpoint}`,
  );
  if (role === 'peers') return `relation-${own}`;
  return role === 'provides' ? `relation-${other}#${own}` : `relation-${own}#${other}`;
}

/**
 * Ids and URIs of secrets: `secret:9m4e2mr0ui3e8a215n4g`, with `//MODEL-UUID/` in between across models.
 * Source: juju core/secrets/secret.go (ParseURI, String), github.com/rs/xid. A real id is made of time, host and
 * chance; here it is made of a text, so that the same tree has the same ids.
 */
import type { Reply } from '../../model/request.ts';
import { quoted, refuse } from './arguments.ts';
import { ownership } from './secret-view.ts';
import type { JujuSlice } from './slice.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;
/** 12 bytes in 20 digits: the last one holds a single bit. */
const XID = /^[0-9a-v]{19}[0g]$/;

/** FNV-1a of a text, its bits stirred once more so that near texts differ everywhere. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (const letter of text) {
    value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The id that belongs to a text, without `secret:`. */
export function secretId(text: string): string {
  const words = [1, 2, 3].map((seed) => hash(text, seed).toString(2).padStart(32, '0'));
  const bits = words.join('').padEnd(100, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
}

/** `model`: the UUID that the charm wrote, if any. `key`: where the slice has the secret. */
export type SecretUri = {
  readonly id: string;
  readonly model: string | null;
  readonly key: string;
};

/** As Juju prints it, and as it stands in messages. */
export function uriText({ id, model }: Pick<SecretUri, 'id' | 'model'>): string {
  return model === null ? `secret:${id}` : `secret://${model}/${id}`;
}

/** Another model's secret may stand in the slice by its id alone; none of this application's is meant then. */
function keyOf(slice: JujuSlice, id: string, model: string | null): string {
  if (model === null || model === slice.model.uuid) return id;
  const plain = Object.hasOwn(slice.secrets, id) ? slice.secrets[id] : undefined;
  return plain && ownership(slice, plain) === 'others' ? id : `${model}/${id}`;
}

/** What a charm wrote for a secret, or why it is none. An id that the state has is good whatever it looks like. */
export function readUri(slice: JujuSlice, text: string): SecretUri | Reply {
  const not = (what: string): Reply => refuse(2, `${what} not valid`);

  const [, scheme = 'secret', rest = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme.toLowerCase() !== 'secret') return not(`secret URI scheme ${quoted(scheme)}`);
  const host = /^\/\/([^/]*)/.exec(rest)?.[1] ?? '';
  if (host !== '' && !UUID.test(host)) return not(`host controller UUID ${quoted(host)}`);
  const path = rest.replace(/^\/\/[^/]*/, '').replace(/^\/+/, '');
  const [id = '', source = host] = path.split('/').reverse();
  const known = /^[0-9a-z]{20}$/.test(id) && Object.hasOwn(slice.secrets, id);
  const good = path.split('/').length <= 2 && (source === '' || UUID.test(source));
  if (!good || !(known || XID.test(id))) return not(`secret URI ${quoted(text)}`);
  const model = source === '' ? null : source;
  return { id, model, key: keyOf(slice, id, model) };
}

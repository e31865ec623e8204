/**
 * secret-get. The first read decides which revision later ones print; that, and labels, are kept at once.
 * Source: juju jujuc/secret-get.go, context/context.go (GetSecret), apiserver/facades/agent/secretsmanager (3.6) and
 * domain/secret/service (4.0) As since 3.6.13: a label finds what the same hook has set.
 */
import type { Answer, Reply } from '../../model/request.ts';
import { isReply, quoted, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { YAML_OR_JSON_FLAGS } from './format.ts';
import { askedOf, labelAtOnce, toChange, trackAtOnce } from './secret-change.ts';
import type { Content } from './secret-content.ts';
import { readUri, uriText, type SecretUri } from './secret-id.ts';
import { labelTaken, type Caller } from './secret-labels.ts';
import { printContent, printKey } from './secret-print.ts';
import type { Secret } from './secret-slice.ts';
import {
  isNew,
  latest,
  latestRevision,
  listed,
  onController,
  ownersTrack,
  ownership,
  stored,
} from './secret-view.ts';
import type { JujuSlice } from './slice.ts';
import { isJuju4 } from './version.ts';

/** What is asked for: a secret by its URI, its label or both, and which revision of it. */
type Ask = {
  readonly uri: SecretUri | undefined;
  readonly label: string;
  readonly refresh: boolean;
  readonly peek: boolean;
};

function isUri(value: SecretUri | Reply): value is SecretUri {
  return !isReply(value);
}

function readAsk(slice: JujuSlice, parsed: Parsed): Ask | Reply {
  const [text, , ...more] = parsed.rest;
  const uri = text === undefined ? undefined : readUri(slice, text);
  if (text !== undefined && uri && !isUri(uri)) {
    return refuse(2, `secret URI ${quoted(text)} not valid`);
  }
  const label = parsed.text['label'] ?? '';
  if (!uri && label === '') return refuse(2, 'require either a secret URI or label');
  const { refresh = false, peek = false } = parsed.yes;
  if (peek && refresh) return refuse(2, 'specify one of --peek or --refresh but not both');
  if (more.length > 0) return unrecognised(more);
  return { uri: uri as SecretUri | undefined, label, refresh, peek };
}

function isAsk(value: Ask | Reply): value is Ask {
  return !isReply(value);
}

/** The label of a secret that this hook changes goes the way of its other changes. */
function labelAtCommit({ buffer }: HookContext, key: string, label: string): void {
  if (label === '') return;
  buffer((slice) => {
    const change = toChange(slice, key);
    if (change) change.secret.label = label;
  });
}

/** Content that the controller does not have yet. */
function pending(context: HookContext, key: string, ask: Ask): Content | undefined {
  const { seen, buffer } = context;
  const secret = Object.hasOwn(seen.secrets, key) ? seen.secrets[key] : undefined;
  const before = stored(seen, key);
  if (!secret) return undefined;
  if (isNew(seen, key)) {
    labelAtCommit(context, key, ask.label);
    return latestRevision(secret);
  }
  const wanted = ask.refresh || ask.peek;
  if (!wanted || !before || latest(secret) === latest(before)) return undefined;
  labelAtCommit(context, key, ask.label);
  if (ask.refresh) {
    buffer((slice) => {
      askedOf(slice).refreshed[key] = true;
      const own = slice.secrets[key];
      if (own) own.tracked = latest(secret);
    });
  }
  return latestRevision(secret);
}

/** The key of the unit's own secret that its agent knows by a label. */
function ownByLabel({ seen }: HookContext, label: string): string | undefined {
  return listed(seen).find((key) => {
    const secret = seen.secrets[key];
    if (!secret || secret.label !== label) return false;
    return isNew(seen, key) || ownership(seen, secret) === 'unit' || seen.leader;
  });
}

type Found = { readonly key: string; readonly secret: Secret; readonly label: string };

/** A secret of the unit or its application on the controller, which any of its units may read. */
function ownOnController(slice: JujuSlice, ask: Ask): Found | undefined {
  const found = Object.entries(onController(slice)).find(([key, secret]) => {
    if (ownership(slice, secret) === 'others') return false;
    return ask.uri ? ask.uri.key === key : secret.label === ask.label;
  });
  return found && { key: found[0], secret: found[1], label: ask.label };
}

function byReaderLabel(slice: JujuSlice, label: string): Found | Reply {
  const found = Object.entries(onController(slice)).find(
    ([, { readerLabel }]) => readerLabel === label,
  );
  if (found) return { key: found[0], secret: found[1], label };
  const what = isJuju4(slice) ? 'secret URI for consumer label' : 'consumer label';
  return refuse(1, `${what} ${quoted(label)} not found`);
}

function byUri(slice: JujuSlice, uri: SecretUri, label: string): Found | Reply {
  const secret = stored(slice, uri.key);
  const remote = uri.key !== uri.id;
  if (!secret && !remote) return refuse(1, `secret ${quoted(uriText(uri))} not found`);
  if (!secret?.readable) return refuse(1, 'permission denied');
  return { key: uri.key, secret, label };
}

function isFound(value: Found | Reply): value is Found {
  return !isReply(value);
}

/** Gives a label to one of the unit's own; what is left of it is for the reader's. */
function relabelOwn({ seen, set }: HookContext, found: Found): Found | Reply {
  const { key, secret, label } = found;
  const owner = ownership(seen, secret);
  const mayName = owner === 'unit' || seen.leader;
  if (label === '' || label === secret.label) return { ...found, label: '' };
  if (!mayName) return isJuju4(seen) ? { ...found, label: '' } : found;
  const taken = labelTaken(seen, { key, label, by: owner as Caller });
  if (taken !== undefined) return refuse(1, taken);
  set((slice) => labelAtOnce(slice, key, { whose: 'label', label }));
  return { ...found, label: '' };
}

/** What the controller hands out, and what it keeps of the reading. */
function read({ seen, set }: HookContext, found: Found, ask: Ask): Content | Reply {
  const { key, secret, label } = found;
  const newest = latest(secret);
  const own = ownership(seen, secret) !== 'others';
  const always = own && !ownersTrack(seen);
  const refresh = !always && (ask.refresh || secret.tracked === null);
  if (label !== '' && label !== secret.readerLabel && (refresh || ask.uri)) {
    const taken = labelTaken(seen, { key, label, by: 'reader' });
    if (taken !== undefined) return refuse(1, `getting latest secret revision: ${taken}`);
    set((slice) => labelAtOnce(slice, key, { whose: 'readerLabel', label }));
  }
  if (refresh) set((slice) => trackAtOnce(slice, key, newest));
  const number = always || refresh || ask.peek ? newest : (secret.tracked ?? newest);
  const revision = secret.revisions[number];
  return revision ?? refuse(1, `secret revision ${quoted(`${key}/${number}`)} not found`);
}

function fromController(context: HookContext, ask: Ask): Content | Reply {
  const { seen } = context;
  const own = ownOnController(seen, ask);
  if (own) {
    const found = ask.uri ? relabelOwn(context, own) : { ...own, label: '' };
    return isFound(found) ? read(context, found, ask) : found;
  }
  const { uri, label } = ask;
  const found = uri ? byUri(seen, uri, label) : byReaderLabel(seen, label);
  return isFound(found) ? read(context, found, ask) : found;
}

/** Where the label of a secret made in this hook is given with another's URI, Juju reads the new one. */
function newByLabel({ seen }: HookContext, label: string): string | undefined {
  if (label === '') return undefined;
  return Object.keys(seen.secrets).find(
    (key) => isNew(seen, key) && seen.secrets[key]?.label === label,
  );
}

function contentOf(context: HookContext, ask: Ask): Content | Reply {
  const { uri, label } = ask;
  if (uri) {
    const key = isNew(context.seen, uri.key) ? uri.key : (newByLabel(context, label) ?? uri.key);
    return pending(context, key, ask) ?? fromController(context, ask);
  }
  const key = ownByLabel(context, label);
  if (key === undefined) return fromController(context, ask);
  const found = { ...ask, label: '', uri: { id: key, model: null, key } };
  return pending(context, key, found) ?? fromController(context, found);
}

export const secretGet: HookCommand = {
  flags: {
    ...YAML_OR_JSON_FLAGS,
    label: { kind: 'text' },
    peek: { kind: 'yes' },
    refresh: { kind: 'yes' },
  },
  run(context, parsed): Answer {
    const ask = readAsk(context.seen, parsed);
    if (!isAsk(ask)) return ask;
    const content = contentOf(context, ask);
    if (isReply(content)) return content;
    const [, key = ''] = parsed.rest;
    return key === '' ? printContent(content, parsed) : printKey(content, key, parsed);
  },
};

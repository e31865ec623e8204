/**
 * secret-add and secret-set. An id is given out at once; the secret, its content and all about it land at the commit.
 * Source: juju jujuc/secret-add.go, secret-set.go, context/context.go (CreateSecret, UpdateSecret), state/secrets.go
 * As since 3.6.13: a policy set on a secret that rotates already never puts its next rotation off.
 * Not modelled: times are counted from the command, not from the commit.
 */
import type { Draft } from 'immer';
import type { Answer, CommandRequest, Millis } from '../../model/request.ts';
import { isReply, ok, quoted, refuse, type Flags, type Parsed } from './arguments.ts';
import { leads, unitName, type HookCommand, type HookContext } from './command.ts';
import { askedOf, doom, forgetRemoval, toChange } from './secret-change.ts';
import { isEmpty, readContent, sameContent, type Content } from './secret-content.ts';
import { readUri, secretId, uriText, type SecretUri } from './secret-id.ts';
import { nextRotation } from './secret-rotation.ts';
import { ROTATE_POLICIES, type Secret } from './secret-slice.ts';
import { readExpiry, wholeSecond } from './secret-time.ts';
import {
  dropsSameContent,
  isDeposed,
  isNew,
  latest,
  latestRevision,
  managed,
} from './secret-view.ts';
import { whyRefused } from './secret-refusal.ts';
import type { JujuSlice } from './slice.ts';

const FLAGS = {
  expire: { kind: 'text' },
  rotate: { kind: 'text' },
  description: { kind: 'text' },
  label: { kind: 'text' },
  file: { kind: 'text' },
  owner: { kind: 'text' },
} as const satisfies Flags;

/** What a charm wants a secret to be; what is undefined it does not say. */
type Wanted = {
  readonly owner: 'application' | 'unit';
  readonly content: Content | undefined;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly rotate: Secret['rotate'] | undefined;
  readonly expire: Millis | undefined;
};
type ReadWanted =
  | { readonly kind: 'wanted'; readonly wanted: Wanted }
  | { readonly kind: 'refused'; readonly answer: Answer };

function given(parsed: Parsed, flag: keyof typeof FLAGS): string | undefined {
  return parsed.text[flag] || undefined;
}

function readWanted(
  words: readonly string[],
  { parsed, request, now }: { parsed: Parsed; request: CommandRequest; now: Millis },
): ReadWanted {
  const refused = (message: string): ReadWanted => ({
    kind: 'refused',
    answer: refuse(2, message),
  });
  const expire = given(parsed, 'expire');
  const expiry = expire === undefined ? undefined : readExpiry(expire, now);
  if (expiry?.kind === 'bad') return refused(expiry.message);
  const policy = given(parsed, 'rotate');
  const rotate = ROTATE_POLICIES.find((known) => known === policy);
  if (policy !== undefined && rotate === undefined) {
    return refused(`rotate policy ${quoted(policy)} not valid`);
  }
  const owner = parsed.text['owner'] ?? 'application';
  if (owner !== 'application' && owner !== 'unit') {
    return refused(`secret owner ${quoted(owner)} not valid`);
  }
  const read = readContent(words, given(parsed, 'file'), request);
  if (read.kind === 'refused') return read;
  const content = isEmpty(read.content) ? undefined : read.content;
  const [label, description] = [given(parsed, 'label'), given(parsed, 'description')];
  const wanted = { owner, content, label, description, rotate, expire: expiry?.at } as const;
  return { kind: 'wanted', wanted };
}

function rotation(policy: Secret['rotate'], now: Millis): Millis | null {
  const next = nextRotation(policy, now);
  return next === null ? null : wholeSecond(next);
}

function labelled(slice: JujuSlice, label: string | undefined): boolean {
  if (label === undefined) return false;
  return Object.entries(slice.secrets).some(
    ([key, secret]) => isNew(slice, key) && secret.label === label,
  );
}

function created(slice: JujuSlice, wanted: Wanted & { content: Content }, now: Millis): Secret {
  const { owner, content, label = '', description = '', rotate = 'never', expire = null } = wanted;
  return {
    owner: { kind: owner, name: owner === 'unit' ? unitName(slice) : slice.app },
    label,
    description,
    rotate,
    nextRotate: rotation(rotate, now),
    revisions: { 1: { ...content, expire } },
    grants: {},
    readable: true,
    tracked: null,
    readerLabel: '',
    announced: [],
  };
}

export const secretAdd: HookCommand = {
  flags: FLAGS,
  run(context, parsed, request) {
    const { seen, now, set, buffer } = context;
    if (parsed.rest.length === 0 && given(parsed, 'file') === undefined) {
      return refuse(2, 'missing secret value or filename');
    }
    const read = readWanted(parsed.rest, { parsed, request, now });
    if (read.kind === 'refused') return read.answer;
    const { content, label, owner, rotate } = read.wanted;
    if (!content) return refuse(1, 'empty secret value not valid');
    if (owner === 'application' && !leads(context)) return refuse(1, 'this unit is not the leader');
    const id = secretId(`${seen.model.uuid} ${unitName(seen)} ${seen.nextSecret}`);
    set((slice) => void (slice.nextSecret += 1));
    if (labelled(seen, label)) {
      return refuse(1, `secret with label ${quoted(label ?? '')} already exists`);
    }
    buffer((slice) => {
      const hook = askedOf(slice);
      hook.stored[id] = null;
      if (rotate !== undefined) hook.rotated[id] = true;
      slice.secrets[id] = created(seen, { ...read.wanted, content }, now) as Draft<Secret>;
    });
    return ok(`${uriText({ id, model: seen.model.uuid })}\n`);
  },
};

/** A new revision, one a hook; what `--expire` said before goes to it too. */
function setContent(
  secret: Draft<Secret>,
  before: Draft<Secret> | null,
  { content, expire }: { content: Content; expire: Millis | undefined },
): void {
  const base = before ? latest(before) : 0;
  const [old, stored] = [secret.revisions[base], before?.revisions[base]];
  let carried = secret.revisions[base + 1]?.expire ?? null;
  if (old && stored && old.expire !== stored.expire) {
    carried = old.expire;
    old.expire = stored.expire;
  }
  secret.revisions[base + 1] = { ...content, expire: expire ?? carried } as Draft<
    Secret['revisions'][string]
  >;
}

function setRotation(
  secret: Draft<Secret>,
  before: Draft<Secret> | null,
  { rotate, now }: { rotate: Secret['rotate']; now: Millis },
): void {
  const next = rotation(rotate, now);
  const due = before?.nextRotate ?? null;
  secret.rotate = rotate;
  secret.nextRotate = next === null || due === null ? next : Math.min(next, due);
}

function update(
  slice: Draft<JujuSlice>,
  key: string,
  { wanted, content, now }: { wanted: Wanted; content: Content | undefined; now: Millis },
): void {
  const change = toChange(slice, key);
  if (!change) return;
  const { secret, before } = change;
  const { label, description, rotate, expire } = wanted;
  if (label !== undefined) secret.label = label;
  if (description !== undefined) secret.description = description;
  if (rotate !== undefined) {
    setRotation(secret, before, { rotate, now });
    if (!before) askedOf(slice).rotated[key] = true;
  }
  if (content) return setContent(secret, before, { content, expire });
  const revision = secret.revisions[latest(secret)];
  if (expire !== undefined && revision) revision.expire = expire;
}

/** The content that makes a new revision: none when the controller's latest is the same. */
function newContent(slice: JujuSlice, key: string, content: Content): Content | undefined {
  const known = managed(slice, key);
  const revision = known && latestRevision(known);
  const same = revision !== undefined && sameContent(revision, content);
  return same && dropsSameContent(slice) ? undefined : content;
}

function setSecret(context: HookContext, uri: SecretUri, wanted: Wanted): Answer {
  const { seen, now, buffer } = context;
  const { key } = uri;
  const known = managed(seen, key);
  if (known && isDeposed(context, known)) return refuse(1, 'this unit is not the leader');
  const content = wanted.content && newContent(seen, key, wanted.content);
  const { label, description, rotate, expire } = wanted;
  if ([content, label, description, rotate, expire].every((one) => one === undefined))
    return ok('');
  buffer((slice) => {
    if (isNew(seen, key) || known) return update(slice, key, { wanted, content, now });
    forgetRemoval(slice, key);
    doom(slice, { key, step: 'updating secrets', message: whyRefused(seen, uri) });
  });
  return ok('');
}

export const secretSet: HookCommand = {
  flags: FLAGS,
  run(context, parsed, request) {
    const [text, ...words] = parsed.rest;
    if (text === undefined) return refuse(2, 'missing secret URI');
    const uri = readUri(context.seen, text);
    if (isReply(uri)) return uri;
    const read = readWanted(words, { parsed, request, now: context.now });
    return read.kind === 'refused' ? read.answer : setSecret(context, uri, read.wanted);
  },
};

/**
 * secret-remove: a revision, or the whole secret, at the commit. What the hook has asked of the secret before is
 * undone.
 * Source: juju jujuc/secret-remove.go, context/secrets.go (remove), apiserver/common/secrets (removeSecrets),
 * state/secrets.go
 * Not modelled: removing the latest revision while older ones stay.
 */
import type { Answer } from '../../model/request.ts';
import { isReply, ok, quoted, refuse, unrecognised, type Flag } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { doom, removeAtCommit } from './secret-change.ts';
import { readUri, uriText, type SecretUri } from './secret-id.ts';
import { whyRefused } from './secret-refusal.ts';
import type { Secret } from './secret-slice.ts';
import { asked, isDeposed, isNew, latest, managed } from './secret-view.ts';

const REVISION: Flag = {
  kind: 'text',
  check: (value) =>
    /^[-+]?\d+$/.test(value)
      ? undefined
      : `strconv.ParseInt: parsing ${quoted(value)}: invalid syntax`,
};

/** Whether the latest revision would go and an older one stay. */
function beheads(secret: Secret, revisions: readonly number[]): boolean {
  const left = Object.keys(secret.revisions).filter((one) => !revisions.includes(Number(one)));
  return left.length > 0 && revisions.includes(latest(secret));
}

function remove(context: HookContext, uri: SecretUri, revision: number | null): Answer {
  const { seen, buffer } = context;
  const { key } = uri;
  const known = managed(seen, key);
  if (known && isDeposed(context, known)) return refuse(1, 'this unit is not the leader');
  const step = 'removing secrets' as const;
  if (!known) {
    const missing = `secret ${quoted(uriText(uri))} not found`;
    const message = isNew(seen, key) ? missing : whyRefused(seen, uri);
    buffer((slice) => {
      if (isNew(seen, key)) removeAtCommit(slice, key, revision);
      doom(slice, { key, step, message });
    });
    return ok('');
  }
  const earlier = asked(seen).removed[key];
  const revisions = revision === null ? [] : [...(earlier ?? []), revision];
  if (earlier?.length !== 0 && beheads(known, revisions)) {
    return {
      kind: 'unsupported',
      what: 'secret-remove of the latest revision but not of older ones',
    };
  }
  const missing = revision !== null && known.revisions[revision] === undefined;
  buffer((slice) => {
    removeAtCommit(slice, key, revision);
    const message = `revison ${revision} for secret ${quoted(uriText(uri))} not found`;
    if (missing) doom(slice, { key, step, message });
  });
  return ok('');
}

export const secretRemove: HookCommand = {
  flags: { revision: REVISION },
  run(context, parsed) {
    const [text, ...more] = parsed.rest;
    if (text === undefined) return refuse(2, 'missing secret URI');
    const uri = readUri(context.seen, text);
    if (isReply(uri)) return uri;
    if (more.length > 0) return unrecognised(more);
    const revision = Number(parsed.text['revision'] ?? 0);
    return remove(context, uri, revision > 0 ? revision : null);
  },
};

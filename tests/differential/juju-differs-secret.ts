/** Secrets: when a hook's changes happen, what they make, and what the controller refuses. */
import type { Draft } from 'immer';
import { castDraft } from 'immer';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Step } from './arbitrary-script.ts';
import { replaceScript, scriptOf } from './case.ts';
import { bySecretText, type Compared } from './compared.ts';
import { failureOf } from './failure.ts';
import { steps, type Rule } from './rule.ts';
import { secretProgram, type Known } from './secret-program.ts';

/** The step as one that is known to answer this. */
function told(step: Step, answer: Json | undefined): Step {
  if (answer === null) return ['answered', step[0]];
  if (typeof answer === 'string') return ['refused', step[0], answer.slice(2)];
  return step;
}

function isNew(key: string): boolean {
  return key.startsWith('new ');
}

type Secret = Draft<JsonObject>;

/** A secret that the controller had, as the commit leaves it. */
function settle(
  secret: Secret,
  { pending, expire, tracks, revoked }: Known,
  was: JsonObject,
): void {
  const latest = Number(was['_latest_revision']);
  secret['_latest_revision'] = pending === null ? latest : latest + 1;
  secret['latest_content'] = castDraft(pending ?? was['latest_content'] ?? null);
  const given = expire === null ? null : Date.parse(expire);
  if (pending !== null || given !== null) secret['expire'] = given;
  if (tracks === 'given') {
    secret['_tracked_revision'] = Number(was['_tracked_revision']);
    secret['tracked_content'] = castDraft(was['tracked_content'] ?? null);
  } else {
    const own = tracks === 'pending';
    secret['_tracked_revision'] = own ? (secret['_latest_revision'] ?? null) : latest;
    secret['tracked_content'] = own
      ? (secret['latest_content'] ?? null)
      : castDraft(was['latest_content'] ?? null);
  }
  const grants = secret['remote_grants'] as { items?: Record<string, unknown> };
  for (const relation of revoked) delete grants.items?.[relation];
  if (Object.keys(grants.items ?? {}).length === 0) secret['remote_grants'] = {};
}

function renumbered(secrets: Draft<Compared>['secrets']): void {
  const fresh = Object.keys(secrets).filter(isNew);
  const sorted = fresh.map((key) => secrets[key] ?? {}).toSorted(bySecretText);
  sorted.forEach((secret, at) => (secrets[`new ${at}`] = secret));
}

export const SECRET_RULES: readonly Rule[] = [
  {
    rule: 'what a unit may not do to a secret is refused at the command or at the commit',
    source:
      'internal/worker/uniter/runner/context/context.go, HookContext.CreateSecret, UpdateSecret, RemoveSecret, ' +
      'GrantSecret, RevokeSecret; context/secrets.go, secretsChangeRecorder',
    ask(one) {
      const { fates } = secretProgram(one);
      if (fates.every(({ answer }) => answer === undefined)) return one;
      return replaceScript(
        one,
        scriptOf(one).map((step, at) => told(step, fates[at]?.answer)),
      );
    },
  },
  {
    rule: 'a secret that a hook refreshes to content of its own is told so after the commit only',
    source: 'internal/worker/uniter/runner/context/context.go, HookContext.getPendingSecretValue',
    juju(theirs, one) {
      const { fates } = secretProgram(one);
      const script = scriptOf(one);
      for (const { step, tell } of steps(theirs, one)) {
        const answer = fates[script.indexOf(step)]?.answer;
        if (answer !== null && typeof answer === 'object') tell(answer);
      }
    },
  },
  {
    rule: 'secret-info-get has the revision that the controller has, a label always, and of what is stored a policy',
    source:
      'internal/worker/uniter/runner/context/context.go, HookContext.SecretMetadata; ' +
      'internal/worker/uniter/runner/jujuc/secret-info-get.go, metadataDisplay',
    juju(theirs, one) {
      const { infos } = secretProgram(one);
      const script = scriptOf(one);
      for (const { step, answer } of steps(theirs, one)) {
        const info = infos[script.indexOf(step)];
        if (!info || !Array.isArray(answer)) continue;
        const told = answer as Draft<Json[]>;
        told[0] ??= '';
        told[2] = info.revision;
        if (!info.fresh) told[3] ??= 'never';
      }
    },
  },
  {
    rule: 'a hook makes one revision of a secret, for new content only, with an expiry of its own; revokes come last',
    source: 'state/secrets.go, UpdateSecret; context/context.go, HookContext.UpdateSecret, doFlush',
    juju(theirs, one) {
      const { stored } = secretProgram(one);
      if (failureOf(one) === 'hook' || failureOf(one) === 'secrets') return;
      const given = one.state['secrets'] as readonly JsonObject[];
      for (const was of given) {
        const id = String(was['id']);
        const known = stored.get(id);
        const secret = theirs.secrets[id];
        if (!known || !secret) continue;
        if (known.removed) delete theirs.secrets[id];
        else settle(secret, known, was);
      }
    },
  },
  {
    rule: 'a secret is made at the commit, with what the hook said of it last',
    source: 'internal/worker/uniter/runner/context/secrets.go, secretsChangeRecorder.update',
    juju({ secrets }) {
      for (const key of Object.keys(secrets).filter(isNew)) {
        const secret = secrets[key] ?? {};
        secret['tracked_content'] = secret['latest_content'] ?? null;
        secret['_tracked_revision'] = secret['_latest_revision'] = 1;
      }
      renumbered(secrets);
    },
  },
];

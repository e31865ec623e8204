/**
 * What Juju makes of a hook's steps about secrets: which it refuses at once, which it lets pass, and whether the
 * controller refuses the whole hook at its commit.
 */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Step } from './arbitrary-script.ts';
import { scriptOf, type Case } from './case.ts';

type Which = { readonly id?: string; readonly label?: string; readonly new?: number };
/** A secret as the hook goes on. `content`: what the controller has as its latest; `pending`: what it will have. */
export type Known = {
  readonly owner: 'unit' | 'app' | null;
  readonly fresh: boolean;
  /** Labels: on the controller, and after the commit. */
  readonly before: string | null;
  label: string | null;
  readonly content: string;
  /** The content that the controller has the unit track. */
  onController: Json;
  pending: Json | null;
  /** An expiry that this hook gave. */
  expire: string | null;
  removed: boolean;
  /** What the unit tracks: what it did, the controller's latest, what the hook itself has set. */
  tracks: 'given' | 'latest' | 'pending';
  readonly latest: Json;
  readonly revisions: readonly number[];
  /** Relations over which a secret made in this hook is granted. */
  readonly granted: Set<number>;
  readonly revoked: Set<number>;
};
/**
 * `answer`: what the step answers where ops.testing would say something else. `stays`: it happens at once, and stays
 * when the hook fails.
 */
export type Fate = { readonly answer?: Json; readonly stays?: true };
export type Program = {
  readonly fates: readonly Fate[];
  /** By step: what secret-info-get is about. */
  readonly infos: readonly ({ readonly revision: number; readonly fresh: boolean } | undefined)[];
  /** The controller refuses what the hook asks. */
  readonly doomed: boolean;
  readonly stored: ReadonlyMap<string, Known>;
};

type Run = {
  readonly leader: boolean;
  readonly relations: ReadonlySet<string>;
  readonly stored: Map<string, Known>;
  readonly made: Known[];
  doomed: boolean;
};

const NOT_FOUND = '! SecretNotFoundError';
const REFUSED = '! ModelError';

function numbers(secret: JsonObject): readonly number[] {
  return [...new Set([Number(secret['_tracked_revision']), Number(secret['_latest_revision'])])];
}

function knownOf(secret: JsonObject): Known {
  const label = (secret['label'] ?? null) as string | null;
  return {
    owner: secret['owner'] as Known['owner'],
    fresh: false,
    before: label,
    label,
    content: JSON.stringify(sorted(secret['latest_content'] as JsonObject)),
    onController: secret['tracked_content'] ?? null,
    pending: null,
    expire: null,
    removed: false,
    tracks: 'given',
    latest: secret['latest_content'] ?? null,
    revisions: numbers(secret),
    granted: new Set(),
    revoked: new Set(),
  };
}

function sorted(content: JsonObject): readonly Json[] {
  return Object.entries(content)
    .map(([key, value]) => [key, value ?? null] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function open({ state, event }: Case): Run {
  const secrets = state['secrets'] as readonly JsonObject[];
  // A unit has entered none before it is installed.
  const entered = event['name'] === 'install' ? [] : state['relations'];
  const relations = entered as readonly JsonObject[];
  return {
    leader: Boolean(state['leader']),
    relations: new Set(relations.map(({ endpoint, id }) => `${String(endpoint)}:${String(id)}`)),
    stored: new Map(secrets.map((one) => [String(one['id']), knownOf(one)])),
    made: [],
    doomed: false,
  };
}

function find(run: Run, { id, label, new: made }: Which): Known | undefined {
  if (made !== undefined) return run.made[made];
  if (id !== undefined) return run.stored.get(id);
  const byNew = run.made.find((one) => one.label === label);
  return byNew ?? [...run.stored.values()].find((one) => one.label === label);
}

/** Whether the unit's agent lists the secret: its own, and its application's if it leads. */
function listed(run: Run, { owner }: Known): boolean {
  return owner === 'unit' || (owner === 'app' && run.leader);
}

/** A label that a secret has after the hook, and another one has too, or had before it. */
function isContested(run: Run): boolean {
  const all = [...run.stored.values(), ...run.made].filter(({ removed }) => !removed);
  return all.some((own) => {
    const { label } = own;
    if (label === null || (label === own.before && !own.fresh)) return false;
    const others = all.filter((one) => one !== own);
    return others.some((one) => one.label === label || (!one.fresh && one.before === label));
  });
}

type Metadata = { readonly label?: string; readonly expire?: string };

function add(
  run: Run,
  owner: 'unit' | 'app',
  content: JsonObject,
  { label, expire }: Metadata,
): Fate {
  if (owner === 'app' && !run.leader) return { answer: REFUSED };
  if (label !== undefined && run.made.some((one) => one.label === label))
    return { answer: REFUSED };
  const secret: Known = {
    owner,
    fresh: true,
    before: null,
    label: label ?? null,
    content: JSON.stringify(sorted(content)),
    onController: content,
    pending: content,
    expire: expire ?? null,
    removed: false,
    tracks: 'given',
    latest: content,
    revisions: [1],
    granted: new Set(),
    revoked: new Set(),
  };
  run.made.push(secret);
  return {};
}

function update(run: Run, secret: Known, wanted: Metadata & { content?: JsonObject }): Fate {
  const { label, expire, content } = wanted;
  if (!listed(run, secret)) {
    run.doomed = true;
    return { answer: null };
  }
  const text = content && JSON.stringify(sorted(content));
  if (content && (secret.fresh || text !== secret.content)) secret.pending = content;
  if (expire !== undefined) secret.expire = expire;
  if (label !== undefined) secret.label = label;
  return secret.owner === null ? { answer: null } : {};
}

function grant(run: Run, secret: Known, key: string): Fate {
  // A flag is checked first, and ops takes any `not found` for the secret's.
  if (!run.relations.has(key)) return { answer: NOT_FOUND };
  if (!listed(run, secret)) return { answer: NOT_FOUND };
  const relation = Number(key.split(':')[1]);
  if (secret.revoked.has(relation)) return { answer: null };
  secret.granted.add(relation);
  return {};
}

function revoke(run: Run, secret: Known, key: string): Fate {
  if (!run.relations.has(key)) return { answer: NOT_FOUND };
  if (!listed(run, secret)) run.doomed = true;
  const relation = Number(key.split(':')[1]);
  secret.revoked.add(relation);
  // ops.testing can only revoke what is granted.
  return secret.fresh && secret.granted.delete(relation) ? {} : { answer: null };
}

function remove(run: Run, secret: Known, revision: number | undefined): Fate {
  const whole =
    revision === undefined || (secret.revisions.length === 1 && secret.revisions[0] === revision);
  if (!listed(run, secret) || secret.fresh) run.doomed = true;
  else if (whole) secret.removed = true;
  else if (!secret.revisions.includes(revision)) run.doomed = true;
  // What the hook asked of it before is forgotten.
  secret.pending = null;
  secret.expire = null;
  secret.label = secret.before;
  return { answer: null };
}

function get(secret: Known, how: string): Fate {
  if (secret.fresh) return {};
  if (how === 'refresh') {
    const own = secret.pending !== null;
    secret.tracks = own ? 'pending' : 'latest';
    if (!own) secret.onController = secret.latest;
    return own ? {} : { stays: true };
  }
  // The controller does not know yet what the hook has set.
  return how === 'get' && secret.tracks === 'pending' ? { answer: secret.onController } : {};
}

function fate(run: Run, [name, ...args]: Step): Fate {
  if (name === 'secret-add') {
    const [owner, content, more] = args as [unknown, JsonObject, JsonObject];
    return add(run, owner as 'unit' | 'app', content, more as Metadata);
  }
  const which = args[0] as Which;
  const secret = find(run, which);
  if (!secret) return {};
  // By label alone ops has to ask for the id first, which only those that the agent lists have.
  const nameless = which.label !== undefined && !listed(run, secret);
  if (name === 'secret-get') return get(secret, String(args[1]));
  if (name === 'secret-info' || nameless) return listed(run, secret) ? {} : { answer: NOT_FOUND };
  const key = `${String(args[1])}:${String(args[2])}`;
  switch (name) {
    case 'secret-set':
      return update(run, secret, { content: args[1] as JsonObject });
    case 'secret-describe':
      return Object.keys(args[1] as JsonObject).length > 0
        ? update(run, secret, args[1] as Metadata)
        : {};
    case 'secret-grant':
      return grant(run, secret, key);
    case 'secret-revoke':
      return revoke(run, secret, key);
    case 'secret-remove':
      return remove(run, secret, args[1] as number | undefined);
    default:
      return {};
  }
}

const known = new WeakMap<Case, Program>();

export function secretProgram(one: Case): Program {
  const found = known.get(one);
  if (found) return found;
  const run = open(one);
  const script = scriptOf(one);
  const steps = script.map((step) => {
    const [name, which] = step;
    const secret = name === 'secret-info' ? find(run, which as Which) : undefined;
    const info = secret && { revision: Math.max(...secret.revisions), fresh: secret.fresh };
    return { info, fate: name.startsWith('secret-') ? fate(run, step) : {} };
  });
  const fates = steps.map((one) => one.fate);
  const infos = steps.map((one) => one.info);
  const program = { fates, infos, doomed: run.doomed || isContested(run), stored: run.stored };
  known.set(one, program);
  return program;
}

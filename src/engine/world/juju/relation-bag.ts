/**
 * What a hook sees of a relation's databags. Members' are kept from hook to hook until their own joined or changed;
 * those of other units and of applications are fetched once a hook; the unit's own are read with what the hook has set.
 * Source: juju internal/worker/uniter/runner/context/cache.go, jujuc/relation-get.go,
 * apiserver/facades/agent/uniter/uniter.go (ReadRemoteSettings, readLocalApplicationSettings)
 * Not modelled: databags of units that have left, which Juju keeps for as long as the relation lives.
 */
import type { Reply } from '../../model/request.ts';
import { refuse } from './arguments.ts';
import { leads, unitName, type HookContext } from './command.ts';
import { members, relationKey } from './relation-context.ts';
import type { Databag, Relation } from './slice.ts';

const DENIED = 'permission denied';

/** A databag that stays for the rest of the hook as it was first read. */
function onceAHook(
  { seen, set }: HookContext,
  { relation, name, bag }: { relation: Relation; name: string; bag: Databag },
): Databag {
  const key = `${relationKey(relation)} ${name}`;
  const first = seen.hook?.bags[key];
  if (first) return first;
  if (seen.hook) {
    set((slice) => {
      if (slice.hook) slice.hook.bags[key] = bag;
    });
  }
  return bag;
}

/** A member's databag as the agent has it; fetched, and kept for the hooks to come, when it has none. */
function ofMember(
  { set }: HookContext,
  { relation, name, bag }: { relation: Relation; name: string; bag: Databag | undefined },
): Databag | Reply {
  const known = relation.known[name];
  if (known || bag === undefined) return known ?? refuse(1, DENIED);
  set((slice) => {
    const own = slice.relations[relationKey(relation)];
    if (own) own.known[name] = bag;
  });
  return bag;
}

/** The databag of a unit by name; its name is valid. */
export function unitBag(context: HookContext, relation: Relation, name: string): Databag | Reply {
  if (name === unitName(context.seen)) return relation.localUnit;
  const bag = relation.units[name];
  if (members(context.seen, relation).includes(name)) {
    return ofMember(context, { relation, name, bag });
  }
  return bag ? onceAHook(context, { relation, name, bag }) : refuse(1, DENIED);
}

/** The databag of an application by name. */
export function applicationBag(
  context: HookContext,
  relation: Relation,
  name: string,
): Databag | Reply {
  const { seen, charm } = context;
  if (name === seen.app) {
    if (leads(context)) return relation.localApp;
    if (charm.endpoints[relation.endpoint]?.role !== 'peers') return refuse(1, DENIED);
    return onceAHook(context, { relation, name, bag: relation.localApp });
  }
  if (name !== relation.app) return refuse(1, DENIED);
  return onceAHook(context, { relation, name, bag: relation.remoteApp });
}

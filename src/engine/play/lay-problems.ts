/**
 * Why what a delta says cannot be in this state. Such a delta is laid without it, and its node is inconsistent: what
 * the charm did before decides, so it is no mistake of the tree's author.
 */
import type { Charm } from '../model/charm.ts';
import type { Problem } from '../model/outcome.ts';
import { orList } from '../model/yaml-shape.ts';
import type { RelationSpec, StateSpec } from '../tree/definition.ts';
import type { State } from '../world/state.ts';
import { meant } from './lay-relations.ts';
import { grantRelation } from './lay-secrets.ts';

function resolvedNothing({ juju }: State, { happens }: StateSpec): readonly Problem[] {
  if (happens?.kind !== 'resolved' || juju.failed) return [];
  return [
    {
      message: 'no hook has failed: there is nothing to resolve',
      about: 'resolved',
      rule: 'resolved-failed-hook',
      hint: 'leave resolved out, or let a hook above it fail: {faults: [{command: NAME}]}',
    },
  ];
}

function ambiguous({ juju }: State, { relations = {} }: StateSpec, charm: Charm) {
  return Object.entries(relations).flatMap(([endpoint, specs]): readonly Problem[] =>
    (specs === null ? [] : [specs].flat()).flatMap((spec) => {
      const { app } = spec as RelationSpec;
      const keys = meant(juju, { endpoint, app, charm });
      if (keys.length < 2) return [];
      const apps = keys.map((key) => juju.relations[key]?.app ?? key);
      return [
        {
          message: `${endpoint} has several relations: with ${orList(apps).replace(' or ', ' and ')}`,
          about: endpoint,
          rule: 'delta-relation-meant',
          hint: `add app: ${apps[0] ?? 'NAME'} to say which is meant`,
        },
      ];
    }),
  );
}

/** `after` is the state with the delta laid: a grant may be over a relation that comes with it. */
function ungranted({ juju }: State, { secrets = {} }: StateSpec): readonly Problem[] {
  return Object.entries(secrets).flatMap(([name, spec]) =>
    Object.entries(spec?.grants ?? {})
      .filter(([reader, endpoint]) => !grantRelation(juju, reader, endpoint))
      .map(([reader, endpoint]) => ({
        message: `secret ${name} cannot be granted to ${reader}: ${endpoint} has no relation with it`,
        about: name,
        rule: 'secret-grant-relation',
        hint: `add relations: {${endpoint}: {app: ${reader.split('/')[0] ?? reader}}}`,
      })),
  );
}

/** What is wrong with a delta in the state `before` it, which `after` it became. */
export function layProblems(
  { before, after }: { before: State; after: State },
  spec: StateSpec,
  charm: Charm,
): readonly Problem[] {
  return [
    ...resolvedNothing(before, spec),
    ...ambiguous(after, spec, charm),
    ...ungranted(after, spec),
  ];
}

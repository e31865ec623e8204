/**
 * Every rule of consistency by what it says of itself, for tables and pages: those that are asked of a state and of an
 * event, and those that finding out what an author means comes upon by itself.
 */
import { code, documentation, type RuleText, unread } from '../model/rule.ts';
import { EVENT_RULE_TEXTS, STATE_RULE_TEXTS } from './consistency.ts';

/** What a delta, an upgrade, a retry or an action's parameters cannot be. */
const LAYING_RULE_TEXTS: readonly RuleText[] = [
  {
    id: 'delta-relation-meant',
    title: 'a delta says which relation of an endpoint it is about',
    source: documentation('Juju, relations: several on one endpoint'),
  },
  {
    id: 'secret-grant-relation',
    title: 'a secret is granted over a relation with its reader',
    source: unread('juju apiserver/facades/agent/secretsmanager (SecretsGrant)'),
  },
  {
    id: 'retry-failed-hook',
    title: 'only a hook that has failed is run again',
    source: code('juju internal/worker/uniter/resolver.go (nextOpHookError)'),
  },
  {
    id: 'resolved-failed-hook',
    title: 'only a unit whose hook has failed is resolved',
    source: code('juju internal/worker/uniter/resolver.go (nextOpHookError)'),
  },
  {
    id: 'upgrade-keeps-relations',
    title: 'an upgrade keeps the endpoints of relations that are there',
    source: unread('juju state/application.go (checkRelationsOps)'),
  },
  {
    id: 'upgrade-keeps-storage',
    title: 'an upgrade keeps the storage that is in use',
    source: unread('juju state/storage.go (upgradeStorageOps)'),
  },
  {
    id: 'action-params',
    title: 'an action’s parameters fit its schema',
    source: code('juju internal/charm/actions.go (ValidateParams)'),
  },
];

/** In the order in which they are asked. */
export const RULE_TEXTS: readonly RuleText[] = [
  ...LAYING_RULE_TEXTS,
  ...STATE_RULE_TEXTS,
  ...EVENT_RULE_TEXTS,
];

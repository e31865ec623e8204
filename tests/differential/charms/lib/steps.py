"""What a scripted charm can be told to do: steps as JSON lists, each done through ops' own calls.

A step is [name, argument, ...]. What it answered, or the class of what it raised, is written down by the charm that
ran it, so that reads count when two ends of the same hook are compared. Nothing here touches its host.
"""

import datetime
import os

import ops

VARIABLES = (
    'JUJU_ACTION_NAME JUJU_DEPARTING_UNIT JUJU_DISPATCH_PATH JUJU_HOOK_NAME JUJU_MODEL_NAME JUJU_MODEL_UUID '
    'JUJU_NOTICE_ID JUJU_NOTICE_KEY JUJU_NOTICE_TYPE JUJU_PEBBLE_CHECK_NAME JUJU_RELATION JUJU_RELATION_ID '
    'JUJU_REMOTE_APP JUJU_REMOTE_UNIT JUJU_SECRET_ID JUJU_SECRET_LABEL JUJU_SECRET_REVISION JUJU_STORAGE_ID '
    'JUJU_UNIT_NAME JUJU_VERSION JUJU_WORKLOAD_NAME'
).split()


class ScriptError(Exception):
    """Raised by a script that says so: an uncaught exception of the charm's own."""


# Stand for steps that the other player is known to take otherwise: [word, name of the step, class of the error].
STOOD_FOR = ('answered', 'refused')


def name_of(step):
    return step[1] if step[0] in STOOD_FOR else step[0]


class Steps:
    """Does steps for one charm. `event` is the one being handled."""

    def __init__(self, charm, event):
        self.charm = charm
        self.model = charm.model
        self.unit = charm.unit
        self.app = charm.app
        self.event = event
        self.made = []

    def run(self, script):
        """Answers what every step saw."""
        seen = []
        for name, *args in script:
            if name in STOOD_FOR:
                seen.append([args[0], None if name == 'answered' else f'! {args[1]}'])
                continue
            step = getattr(self, name.replace('-', '_'))
            try:
                seen.append([name, step(*args)])
            except ScriptError:
                raise
            except Exception as error:
                seen.append([name, f'! {type(error).__name__}'])
        return seen

    # -- the event, the unit, its configuration

    def variables(self):
        return {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}

    def about(self):
        """The event as ops tells it."""
        event = self.event
        found = {'event': event.handle.kind}
        for word in ('relation', 'app', 'unit', 'departing_unit', 'workload', 'secret', 'storage'):
            value = getattr(event, word, None)
            if value is not None:
                found[word] = self.named(value)
        for word in ('revision', 'notice', 'info'):
            value = getattr(event, word, None)
            if value is not None:
                found[word] = value if isinstance(value, int) else self.noticed(value)
        return found

    def named(self, value):
        if isinstance(value, ops.Relation):
            return f'{value.name}:{value.id}'
        if isinstance(value, ops.Secret):
            return [value.id, value.label]
        if isinstance(value, ops.Storage):
            return f'{value.name}/{value.index}'
        return value.name

    def noticed(self, value):
        if isinstance(value, ops.LazyNotice):
            return [value.id, str(value.type), value.key]
        return value.name

    def fail(self, text):
        raise ScriptError(text)

    def defer(self):
        self.event.defer()

    def log(self, level, text):
        import logging

        logging.getLogger('scripted').log(getattr(logging, level), text)

    def config_get(self, key):
        return self.model.config.get(key)

    def config_all(self):
        return {key: self.model.config[key] for key in sorted(self.model.config) if key != 'script'}

    def is_leader(self):
        return self.unit.is_leader()

    def planned_units(self):
        return self.app.planned_units()

    def version_set(self, text):
        self.unit.set_workload_version(text)

    def cloud_spec(self):
        spec = self.model.get_cloud_spec()
        return [spec.type, spec.name, spec.region, spec.endpoint]

    def stored(self, key, value):
        setattr(self.charm.store, key, value)

    # -- statuses

    def status_set(self, name, message):
        self.unit.status = ops.StatusBase.from_name(name, message)

    def status_get(self):
        status = self.unit.status
        return [status.name, status.message]

    def app_status_set(self, name, message):
        self.app.status = ops.StatusBase.from_name(name, message)

    def app_status_get(self):
        status = self.app.status
        return [status.name, status.message]

    def raw_status_get(self):
        """Past what ops remembers of the status it set."""
        told = self.model._backend.status_get(is_app=False)
        return [told['status'], told['message']]

    # -- relations

    def relation(self, endpoint, number):
        found = self.model.get_relation(endpoint, number)
        if found is None:
            raise LookupError(endpoint)
        return found

    def owner(self, relation, whose):
        if whose == 'app':
            return self.app
        if whose == 'unit':
            return self.unit
        return relation.app if whose == 'remote' else self.model.get_unit(whose)

    def relation_ids(self, endpoint):
        return sorted(relation.id for relation in self.model.relations[endpoint])

    def relation_list(self, endpoint, number):
        relation = self.relation(endpoint, number)
        units = sorted(unit.name for unit in relation.units)
        return [relation.app.name if relation.app else None, units, relation.active]

    def relation_get(self, endpoint, number, whose):
        relation = self.relation(endpoint, number)
        data = relation.data[self.owner(relation, whose)]
        return {key: data[key] for key in sorted(data)}

    def relation_set(self, endpoint, number, whose, changes):
        relation = self.relation(endpoint, number)
        relation.data[self.owner(relation, whose)].update(changes)

    def relation_model(self, endpoint, number):
        return self.relation(endpoint, number).remote_model.uuid

    def network(self, binding, number=None):
        key = binding if number is None else self.relation(binding, number)
        network = self.model.get_binding(key).network
        return {
            'bound': [[face.name, str(face.address), str(face.subnet)] for face in network.interfaces],
            'ingress': [str(address) for address in network.ingress_addresses],
            'egress': [str(subnet) for subnet in network.egress_subnets],
        }

    # -- ports

    def open_port(self, protocol, port):
        self.unit.open_port(protocol, port)

    def close_port(self, protocol, port):
        self.unit.close_port(protocol, port)

    def opened_ports(self):
        return sorted(f'{port.port}/{port.protocol}' for port in self.unit.opened_ports())

    # -- secrets

    def secret(self, which):
        if 'new' in which:
            return self.made[which['new']]
        return self.model.get_secret(**which)

    def secret_add(self, owner, content, more):
        holder = self.app if owner == 'app' else self.unit
        self.made.append(holder.add_secret(content, **self.metadata(more)))

    def metadata(self, more):
        return {
            **more,
            **({'rotate': ops.SecretRotate(more['rotate'])} if 'rotate' in more else {}),
            **({'expire': datetime.datetime.fromisoformat(more['expire'])} if 'expire' in more else {}),
        }

    def secret_get(self, which, how):
        secret = self.secret(which)
        if how == 'peek':
            return secret.peek_content()
        return secret.get_content(refresh=how == 'refresh')

    def secret_info(self, which):
        info = self.secret(which).get_info()
        expires = info.expires.timestamp() if info.expires else None
        return [info.label, info.description, info.revision, info.rotation.value if info.rotation else None, expires]

    def secret_set(self, which, content):
        self.secret(which).set_content(content)

    def secret_describe(self, which, more):
        self.secret(which).set_info(**self.metadata(more))

    def secret_grant(self, which, endpoint, number, unit=None):
        relation = self.relation(endpoint, number)
        self.secret(which).grant(relation, unit=self.model.get_unit(unit) if unit else None)

    def secret_revoke(self, which, endpoint, number, unit=None):
        relation = self.relation(endpoint, number)
        self.secret(which).revoke(relation, unit=self.model.get_unit(unit) if unit else None)

    def secret_remove(self, which, revision=None):
        if revision is None:
            self.secret(which).remove_all_revisions()
        else:
            self.secret(which).remove_revision(revision)

    # -- storage and resources

    def storage_list(self, name):
        return sorted(storage.index for storage in self.model.storages[name])

    def storage_add(self, name, count):
        self.model.storages.request(name, count)

    def resource_get(self, name):
        return self.model.resources.fetch(name).read_text()

    # -- actions

    def action_params(self):
        return {key: value for key, value in self.event.params.items() if key != 'script'}

    def action_log(self, text):
        self.event.log(text)

    def action_set(self, results):
        self.event.set_results(results)

    def action_fail(self, text):
        self.event.fail(text)

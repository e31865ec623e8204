"""A charm that does what its script says at every event, and writes down what it saw in its stored state."""

import json
import os

import ops
import steps


def dispatched(action):
    name = os.environ['JUJU_DISPATCH_PATH'].split('/')[-1].replace('-', '_')
    return f'{name}_action' if action else name


class Scripted(ops.CharmBase):
    """The script is the action's parameter `script` where there is one, else the option `script`."""

    doer = steps.Steps
    store = ops.StoredState()

    def __init__(self, framework):
        super().__init__(framework)
        self.store.set_default(seen=[])
        for name, source in self.on.events().items():
            if not name.startswith('collect_'):
                framework.observe(source, self._on_any)

    def _on_any(self, event):
        action = isinstance(event, ops.ActionEvent)
        given = event.params.get('script') if action else None
        script = json.loads(given or self.config.get('script') or '[]')
        if action:
            script = [step for step in script if steps.name_of(step) != 'defer']
        if event.handle.kind != dispatched(action):
            # One that was deferred before: secrets are made and changed once a hook.
            script = [step for step in script if not steps.name_of(step).startswith('secret-')]
        seen = self.doer(self, event).run(script)
        self.store.seen = [*self.store.seen, json.dumps([event.handle.kind, seen], sort_keys=True)]

"""A charm that does what its script says at every event, and writes down what it saw in its stored state."""

import json

import ops
import steps


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
        given = event.params.get('script') if isinstance(event, ops.ActionEvent) else None
        script = json.loads(given or self.config.get('script') or '[]')
        if isinstance(event, ops.ActionEvent):
            script = [step for step in script if step[0] != 'defer']
        seen = self.doer(self, event).run(script)
        self.store.seen = [*self.store.seen, json.dumps([event.handle.kind, seen], sort_keys=True)]

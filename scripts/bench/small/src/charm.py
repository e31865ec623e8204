#!/usr/bin/env python3
"""As small as a charm is that does something: it reads its config, asks for a database and sets its status."""

import ops


class SmallCharm(ops.CharmBase):
    """Asks every related database for one of its own."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.config_changed, self._on_config_changed)
        framework.observe(self.on.start, self._on_config_changed)
        framework.observe(self.on.db_relation_created, self._on_db_relation_created)

    def _on_config_changed(self, _: ops.EventBase):
        self.unit.status = ops.ActiveStatus(str(self.config["slug"]))

    def _on_db_relation_created(self, event: ops.RelationCreatedEvent):
        event.relation.data[self.unit]["database"] = str(self.config["slug"])


if __name__ == "__main__":
    ops.main(SmallCharm)

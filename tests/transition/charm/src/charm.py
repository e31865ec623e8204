#!/usr/bin/env python3
"""A ledger: every handler touches another part of the state."""

import ops


class Ledger(ops.CharmBase):
    _stored = ops.StoredState()

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self._stored.set_default(entries=[], by_page={})
        observe = framework.observe
        observe(self.on.install, self._on_install)
        observe(self.on.config_changed, self._on_config_changed)
        observe(self.on.update_status, self._on_update_status)
        observe(self.on.web_pebble_ready, self._on_web_ready)
        observe(self.on.db_relation_changed, self._on_db_changed)
        observe(self.on.secret_changed, self._on_secret_changed)
        observe(self.on.leader_elected, self._on_leader_elected)
        observe(self.on.add_action, self._on_add)

    def _on_install(self, event):
        self.unit.set_workload_version("1.2")
        event.defer()

    def _on_config_changed(self, event):
        self.unit.status = ops.MaintenanceStatus("opening")
        self.unit.set_ports(self.config["port"])
        if self.config["fail"]:
            raise ValueError("no such page")
        self.unit.status = ops.ActiveStatus()

    def _on_update_status(self, event):
        self._stored.entries.append("checked")
        self._stored.by_page[len(self._stored.entries)] = "checked"

    def _on_web_ready(self, event):
        web = event.workload
        known = web.pull("/etc/ledger/ledger.conf").read() if web.exists("/etc/ledger/ledger.conf") else ""
        web.push("/etc/ledger/pages/first", known + "first\n", make_dirs=True)
        service = {"override": "replace", "command": "ledger", "startup": "enabled"}
        web.add_layer("ledger", {"services": {"ledger": service}}, combine=True)
        web.replan()

    def _on_db_changed(self, event):
        user = event.relation.data[event.app].get("user", "nobody")
        event.relation.data[self.unit]["seen"] = f"{user} of {event.unit.name if event.unit else event.app.name}"

    def _on_secret_changed(self, event):
        content = event.secret.get_content(refresh=True)
        self.unit.status = ops.BlockedStatus(f"key is {content['key']}")

    def _on_leader_elected(self, event):
        secret = self.app.add_secret({"token": "t0k3n"}, label="token")
        for relation in self.model.relations["readers"]:
            secret.grant(relation)
            relation.data[self.app]["token"] = secret.id
        self.app.status = ops.ActiveStatus("led")

    def _on_add(self, event):
        event.log("adding")
        if event.params["text"] == "":
            event.fail("nothing to add")
            return
        event.set_results({"lines": {"added": event.params["text"] * event.params["times"]}})


if __name__ == "__main__":
    ops.main(Ledger)

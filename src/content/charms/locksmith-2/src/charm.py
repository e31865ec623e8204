#!/usr/bin/env python3
"""The next version of the locksmith: keys are of steel, and an upgrade says so in the journal."""

import hashlib
import pathlib

import ops

ROTATION = ops.SecretRotate.MONTHLY


class LocksmithCharm(ops.CharmBase):
    """Cuts a key for every door; only the leader cuts."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.journal_storage_attached, self._on_journal_attached)
        framework.observe(self.on.install, self._on_install)
        framework.observe(self.on.upgrade_charm, self._on_upgrade_charm)
        framework.observe(self.on.doors_relation_joined, self._on_door_joined)
        framework.observe(self.on.doors_relation_broken, self._on_door_broken)
        framework.observe(self.on.secret_rotate, self._on_secret_rotate)
        framework.observe(self.on.secret_remove, self._on_secret_remove)
        framework.observe(self.on.recut_action, self._on_recut)
        framework.observe(self.on.collect_unit_status, self._on_collect_unit_status)
        framework.observe(self.on.collect_app_status, self._on_collect_app_status)

    def _on_journal_attached(self, event: ops.StorageAttachedEvent):
        journal = event.storage.location / "journal.txt"
        if not journal.exists():
            journal.write_text("")

    def _on_install(self, _: ops.InstallEvent):
        pattern = self.model.resources.fetch("pattern").read_text().strip()
        self.unit.set_workload_version(pattern)

    def _on_upgrade_charm(self, _: ops.UpgradeCharmEvent):
        self._write(f"from now on of {self.config['metal']}")

    def _on_door_joined(self, event: ops.RelationJoinedEvent):
        if not self.unit.is_leader() or "key" in event.relation.data[self.app]:
            return
        label = self._label(event.relation)
        secret = self.app.add_secret(
            {"cut": self._cut(event.relation, 1)}, label=label, rotate=ROTATION
        )
        secret.grant(event.relation)
        event.relation.data[self.app]["key"] = str(secret.id)
        self._write(f"cut {label}")

    def _on_door_broken(self, event: ops.RelationBrokenEvent):
        if self.unit.is_leader():
            self.model.get_secret(label=self._label(event.relation)).remove_all_revisions()

    def _on_secret_rotate(self, event: ops.SecretRotateEvent):
        door = self.model.get_relation("doors", int(str(event.secret.label).removeprefix("key-")))
        if door is None:
            return
        revision = event.secret.get_info().revision + 1
        event.secret.set_content({"cut": self._cut(door, revision)})
        self._write(f"recut {event.secret.label}")

    def _on_secret_remove(self, event: ops.SecretRemoveEvent):
        event.remove_revision()

    def _on_recut(self, event: ops.ActionEvent):
        if not self.unit.is_leader():
            event.fail("only the leader cuts keys")
            return
        doors = self.model.relations["doors"]
        for door in doors:
            secret = self.model.get_secret(label=self._label(door))
            secret.set_content({"cut": self._cut(door, secret.get_info().revision + 1)})
        event.set_results({"doors": len(doors)})

    def _on_collect_unit_status(self, event: ops.CollectStatusEvent):
        if not self.config.get("master"):
            event.add_status(ops.BlockedStatus("master: name a secret"))
        elif self._master() is None:
            event.add_status(ops.BlockedStatus("master: grant the secret to this application"))
        event.add_status(ops.ActiveStatus(f"cutting {self.config['metal']}"))

    def _on_collect_app_status(self, event: ops.CollectStatusEvent):
        event.add_status(ops.ActiveStatus(f"doors: {len(self.model.relations['doors'])}"))

    @staticmethod
    def _label(door: ops.Relation) -> str:
        return f"key-{door.id}"

    def _master(self) -> str | None:
        """The operator's master key; None while it may not be read."""
        try:
            return self.model.get_secret(id=str(self.config["master"])).get_content()["key"]
        except ops.ModelError:
            return None

    def _cut(self, door: ops.Relation, revision: int) -> str:
        text = f"{self._master()} {door.id} {revision}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _write(self, line: str):
        for storage in self.model.storages["journal"]:
            with pathlib.Path(storage.location, "journal.txt").open("a") as journal:
                journal.write(f"{line}\n")


if __name__ == "__main__":
    ops.main(LocksmithCharm)

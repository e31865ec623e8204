#!/usr/bin/env python3
"""A notice board on Kubernetes: one workload container, an optional database, one action."""

import json
import logging
import re
import socket

import ops

import board

logger = logging.getLogger(__name__)

CONTAINER = "board"
DATABASE = "notice_board"
NOTICE_LENGTH_MAX = 80


class NoticeBoardCharm(ops.CharmBase):
    """Keeps the board's configuration and plan as the operator and the database want them."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container(CONTAINER)
        framework.observe(self.on.install, self._on_install)
        framework.observe(self.on.config_changed, self._on_config_changed)
        framework.observe(self.on.board_pebble_ready, self._on_board_pebble_ready)
        framework.observe(self.on.db_relation_created, self._on_db_relation_created)
        framework.observe(self.on.db_relation_changed, self._on_db_relation_changed)
        framework.observe(self.on.db_relation_broken, self._on_db_relation_broken)
        framework.observe(self.on.pin_action, self._on_pin_action)
        framework.observe(self.on.collect_unit_status, self._on_collect_unit_status)

    def _on_install(self, _: ops.InstallEvent):
        self.unit.status = ops.MaintenanceStatus("waiting for the board's container")

    def _on_config_changed(self, _: ops.ConfigChangedEvent):
        self.unit.set_ports(int(self.config["port"]))
        self._configure()

    def _on_board_pebble_ready(self, event: ops.PebbleReadyEvent):
        try:
            self.unit.set_workload_version(event.workload.pull(board.VERSION_PATH).read().strip())
        except ops.pebble.PathError:
            logger.warning("the image does not say its version")
        self._configure()

    def _on_db_relation_created(self, event: ops.RelationCreatedEvent):
        event.relation.data[self.unit]["hostname"] = socket.getfqdn()
        if self.unit.is_leader():
            event.relation.data[self.app]["database"] = DATABASE

    def _on_db_relation_changed(self, event: ops.RelationChangedEvent):
        if not self.container.can_connect():
            logger.info("the database is there before the board: once more, later")
            event.defer()
            return
        self._configure()

    def _on_db_relation_broken(self, _: ops.RelationBrokenEvent):
        self._configure(database=None)

    def _on_pin_action(self, event: ops.ActionEvent):
        if not self.container.can_connect():
            event.fail("the board is not up yet")
            return
        if len(event.params["text"]) > NOTICE_LENGTH_MAX:
            event.fail(f"a notice has at most {NOTICE_LENGTH_MAX} characters")
            return
        notices = [*self._notices(), {k: event.params[k] for k in ("text", "colour")}]
        event.log(f"pinning notice {len(notices)}")
        self.container.push(board.NOTICES_PATH, json.dumps(notices, indent=2), make_dirs=True)
        event.set_results({"notices": len(notices)})

    def _on_collect_unit_status(self, event: ops.CollectStatusEvent):
        if not self._slug_is_fine():
            event.add_status(ops.BlockedStatus("slug: only a-z, 0-9 and hyphens"))
        if not self.container.can_connect():
            event.add_status(ops.WaitingStatus("waiting for the board's container"))
        elif self.model.get_relation("db") and not self._database():
            event.add_status(ops.WaitingStatus("waiting for the database"))
        event.add_status(ops.ActiveStatus())

    def _slug_is_fine(self) -> bool:
        return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(self.config["slug"])) is not None

    def _database(self) -> board.Database | None:
        """What the related database offers; None while it has not answered."""
        relation = self.model.get_relation("db")
        if relation is None or relation.app is None:
            return None
        return board.Database.from_databag(DATABASE, relation.data[relation.app])

    def _notices(self) -> list[dict[str, str]]:
        if not self.container.exists(board.NOTICES_PATH):
            return []
        return json.loads(self.container.pull(board.NOTICES_PATH).read())

    def _configure(self, **settings: board.Database | None):
        """Bring the board's file and plan up to date; a setting given here goes before what Juju says."""
        if not self._slug_is_fine() or not self.container.can_connect():
            return
        layer = board.layer(
            port=int(self.config["port"]),
            # A level that is no level of ours ends in a KeyError. The demo shows what that looks like.
            verbosity=board.VERBOSITY[str(self.config["log-level"])],
        )
        file = board.configuration(
            slug=str(self.config["slug"]),
            database=settings.get("database", self._database()),
        )
        self.container.push(board.CONFIG_PATH, file, make_dirs=True)
        self.container.add_layer(CONTAINER, layer, combine=True)
        self.container.replan()


if __name__ == "__main__":
    ops.main(NoticeBoardCharm)

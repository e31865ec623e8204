"""The workload: where the board keeps its files, and what it is started with. Knows nothing of Juju."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import ops

CONFIG_PATH = "/etc/board/board.conf"
NOTICES_PATH = "/srv/board/notices.json"
VERSION_PATH = "/opt/board/version"
VERBOSITY = {"debug": 2, "info": 1, "warning": 0}


@dataclasses.dataclass(frozen=True)
class Database:
    """A database the board can keep its notices in."""

    name: str
    endpoint: str
    username: str
    password: str

    @classmethod
    def from_databag(cls, name: str, databag: Mapping[str, str]) -> Database | None:
        """Read what a PostgreSQL charm writes; None until all of it is there."""
        endpoint, username, password = (
            databag.get(key) for key in ("endpoints", "username", "password")
        )
        if not endpoint or not username or not password:
            return None
        return cls(name, endpoint, username, password)

    @property
    def url(self) -> str:
        """The address the board connects to."""
        return f"postgresql://{self.username}:{self.password}@{self.endpoint}/{self.name}"


def configuration(*, slug: str, database: Database | None) -> str:
    """Return the text of the board's configuration file."""
    storage = database.url if database else f"file://{NOTICES_PATH}"
    return f"path = /{slug}\nstorage = {storage}\n"


def layer(*, port: int, verbosity: int) -> ops.pebble.LayerDict:
    """Return the layer that keeps the board running."""
    return {
        "summary": "notice board",
        "services": {
            "board": {
                "override": "replace",
                "summary": "web server of the board",
                "command": f"/opt/board/bin/board --config {CONFIG_PATH} --port {port}",
                "environment": {"BOARD_VERBOSITY": str(verbosity)},
                "startup": "enabled",
            }
        },
    }

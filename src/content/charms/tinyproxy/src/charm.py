#!/usr/bin/env python3
"""Tinyproxy as a charm for machines: it installs a package, writes a file and minds a process."""

import dataclasses
import re

import ops

import proxy

PORT = 8000


@dataclasses.dataclass(frozen=True)
class Options:
    """The charm's configuration. Whatever is not to be had under a URL is refused."""

    slug: str = "example"

    def __post_init__(self):
        if not re.fullmatch("[a-z0-9-]+", self.slug):
            raise ValueError(f"slug {self.slug!r}: only a-z, 0-9 and hyphens")


class TinyproxyCharm(ops.CharmBase):
    """Keeps the proxy as the operator wants it, and reports what it finds, not what it did."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        observe = framework.observe
        observe(self.on.install, self._on_install)
        observe(self.on.start, self._on_wanted)
        observe(self.on.config_changed, self._on_wanted)
        observe(self.on.stop, self._on_stop)
        observe(self.on.remove, self._on_remove)
        observe(self.on.collect_unit_status, self._on_collect_unit_status)

    def _on_install(self, _: ops.InstallEvent):
        self.unit.set_workload_version(proxy.install())

    def _on_wanted(self, _: ops.EventBase):
        try:
            options = self.load_config(Options)
        except ValueError:
            return
        changed = proxy.configure(PORT, options.slug)
        if proxy.running() is None:
            proxy.start()
            self.unit.set_ports(PORT)
        elif changed:
            proxy.read_again()

    def _on_stop(self, _: ops.StopEvent):
        proxy.stop()
        self.unit.set_ports()

    def _on_remove(self, _: ops.RemoveEvent):
        proxy.uninstall()

    def _on_collect_unit_status(self, event: ops.CollectStatusEvent):
        try:
            self.load_config(Options)
        except ValueError as error:
            event.add_status(ops.BlockedStatus(str(error)))
        if not proxy.installed():
            event.add_status(ops.MaintenanceStatus("tinyproxy is not installed"))
        elif proxy.running() is None:
            event.add_status(ops.MaintenanceStatus("tinyproxy does not run"))
        event.add_status(ops.ActiveStatus())


if __name__ == "__main__":
    ops.main(TinyproxyCharm)

"""What both ways of running a Python charm share: the trace's time and chance, the State's
machine, hook commands.

`install` changes this process for good and is done once, before anything of the charm is
imported; `begin` sets what is one event's.
"""

import importlib._bootstrap_external as loading
import os
import sys

from . import bare, chance, clock, commands, listing, machine, places
from .places import BYTECODE

_beside = loading.cache_from_source


def install():
    clock.install()
    chance.install()
    machine.install()
    listing.install()
    commands.install()
    if places.ROOT:
        bare.map_sockets()
    keep_bytecode_away()


def keep_bytecode_away():
    """Byte code of the charm's files is kept outside of the charm directory, where it would count
    as a change.
    """

    def cache_from_source(path, *arguments, **options):
        beside = _beside(path, *arguments, **options)
        if not path.startswith(places.JUJU) or ('/venv/' in path and os.path.exists(beside)):
            return beside
        return BYTECODE + beside

    loading.cache_from_source = cache_from_source
    sys.dont_write_bytecode = True


def begin(job, unit):
    clock.begin()
    chance.begin(job['seed'])
    machine.begin(job['machine'])
    asked = frozenset(job['commands']).difference(job['shadows'])
    commands.begin(asked, places.commands_dir(unit), places.search_path(unit))


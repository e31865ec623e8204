"""Makes the server's interpreter one that has imported, before any event, what a charm's events
all import.

Python's libraries, the packages and the charm's libraries under lib/ are imported here once, as
far as importing them depends on nothing that an event decides (probe.py); the charm's own files
are imported in each event's fork.
"""

import gc
import os
import sys

from . import (
    bootstrap,
    clock,
    hot_code,
    imports,
    loader,
    lookups,
    memory,
    places,
    probe,
    rehearsal,
    texts,
)
from .in_child import in_child

# What ops and most charms import of Python's own, first: what that reads at import is not held
# against a library. Nothing more than that, as every module here makes every fork dearer.
USUAL = (
    'abc ast base64 collections contextlib copy dataclasses datetime enum fnmatch functools '
    'hashlib http.client inspect ipaddress json logging os pathlib pickle platform random re '
    'select selectors shutil signal socket sqlite3 ssl string subprocess tempfile textwrap '
    'threading time traceback types typing urllib.error urllib.parse urllib.request uuid '
    'warnings weakref '
).split()


# A library that takes longer to import is imported by the events, each within its own limit.
PROBE_SECONDS = 10
# A main file that takes longer is compiled in part by each of its events.
MAIN_SECONDS = 5
# A charm that takes longer than this for an event without relations has no rehearsal.
REHEARSAL_SECONDS = 2


class Zygote:
    """The interpreter that events are forked from, and the compiled text of the charm's main
    file.
    """

    def __init__(self, unit, main):
        self.charm = places.charm_dir(unit)
        self.main = main
        self.unit = unit
        self.code = {}

    def warm(self):
        """Answers why some imports were left to the events, by name."""
        import importlib

        memory.reserve()
        for name in USUAL:
            try:
                importlib.import_module(name)
            except ImportError:
                continue
        bootstrap.install()
        texts.install()
        clock.open_page()
        os.environ.clear()
        folder = os.path.dirname(f'{self.charm}/{self.main}')
        base = [path for path in sys.path if path and os.path.isabs(path)]
        sys.path[:] = [folder, f'{self.charm}/lib', f'{self.charm}/venv', *base]
        names = imports.imported_names(self.charm, self.main, loader.FILE)
        tried = in_child(lambda: probe.clean_names(names, self.charm), PROBE_SECONDS)
        clean, dirty = tried or ([], {name: 'the probe did not end' for name in names})
        sys.dont_write_bytecode = False
        for name in clean:
            probe.load(name)
        for path in (f'{self.charm}/./{self.main}', loader.FILE):
            if os.path.exists(path):
                self.compiled(path)
        sys.dont_write_bytecode = True
        texts.learn(in_child(self.met, MAIN_SECONDS) or ())
        self.rehearse()
        gc.collect()
        memory.fill_gaps()
        gc.freeze()
        memory.use_huge_pages()
        return dirty

    def forget_folders(self):
        """What is known of the charm's own folders: each event may find other files there."""
        for path in list(sys.path_importer_cache):
            if path.startswith(self.charm) and not path.startswith(f'{self.charm}/venv'):
                del sys.path_importer_cache[path]

    def met(self):
        path = f'{self.charm}/./{self.main}'
        return texts.met_by(self.compiled(path), path)

    def rehearse(self):
        """Lays together what an event runs. Without a sandbox nothing is played before the first."""
        if places.ROOT:
            return
        code = self.compiled(f'{self.charm}/./{self.main}')
        told = in_child(
            lambda: rehearsal.rehearse(self.unit, self.main, code), REHEARSAL_SECONDS
        )
        if told:
            hot_code.gather(told['codes'])
            lookups.remember(told['lookups'])

    def compiled(self, path):
        """A main file's code; compiled once for each text it has had."""
        with open(path, 'rb') as file:
            text = file.read()
        if text not in self.code:
            try:
                self.code[text] = compile(text, path, 'exec', dont_inherit=True)
            except (SyntaxError, ValueError):
                if os.getpid() != 1:
                    raise
                return None
        return self.code[text]

    def can_run(self, job):
        """A charm that has changed its own libraries is not the one that was imported here."""
        return not any(path == 'lib' or path.startswith('lib/') for path in job['charmDir'])

"""Where things are for a unit. Source: juju agent/paths.go, Juju's hook environment."""

import os

_HERE = '/opt/playbill/charmside/python/playbill_charm/places.py'
# Empty in a sandbox. Without one, the folder under which everything lies that a sandbox would
# have at the top.
ROOT = __file__[: -len(_HERE)] if __file__.endswith(_HERE) else ''
JUJU = f'{ROOT}/var/lib/juju'
OWN = f'{ROOT}/opt/playbill'
CLOCK = f'{OWN}/clock'
BYTECODE = f'{OWN}/bytecode'
STAGE = f'{OWN}/stage'
CLIENT = f'{OWN}/client'
# Only the server sees these: layers of machines' roots, and where an event's root is put together.
LAYERS = '/layers'
MACHINE = '/machine'
# Roots on their way from the engine into layers.
PACKS = '/packs'
# What lies over the host's /usr, and the host's own.
LOWER_USR = f'{OWN}/usr'
HOST_USR = '/host-usr'
# The project's own: loader.py and commands/.
PROJECT = f'{OWN}/project'


def tag(unit):
    """`app/0` as Juju writes it in paths: `unit-app-0`."""
    return 'unit-' + unit.replace('/', '-')


def agent_dir(unit):
    return f'{JUJU}/agents/{tag(unit)}'


def charm_dir(unit):
    return f'{agent_dir(unit)}/charm'


def commands_dir(unit):
    return f'{JUJU}/tools/{tag(unit)}'


def shadows():
    """Names of the project's commands. Where one is a hook command's, the project's wins."""
    folder = f'{PROJECT}/commands'
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    return sorted(name for name in names if is_program(f'{folder}/{name}'))


def is_program(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)


def search_path(unit):
    # snapd's generator of the manager's environment adds it, and agents have theirs from there.
    snaps = ':/snap/bin' if os.path.exists(f'{ROOT}/run/snapd.socket') else ''
    folders = (f'{PROJECT}/commands', f'{ROOT}/bin' if ROOT else '')
    own = ''.join(f'{folder}:' for folder in folders if folder and os.path.isdir(folder))
    return f'{commands_dir(unit)}:{own}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin{snaps}'

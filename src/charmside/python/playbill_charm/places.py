"""Where things are for a unit. Source: juju agent/paths.go, Juju's hook environment."""

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


def tag(unit):
    """`app/0` as Juju writes it in paths: `unit-app-0`."""
    return 'unit-' + unit.replace('/', '-')


def agent_dir(unit):
    return f'{JUJU}/agents/{tag(unit)}'


def charm_dir(unit):
    return f'{agent_dir(unit)}/charm'


def commands_dir(unit):
    return f'{JUJU}/tools/{tag(unit)}'


def search_path(unit):
    own = f'{ROOT}/bin:' if ROOT else ''
    return f'{commands_dir(unit)}:{own}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

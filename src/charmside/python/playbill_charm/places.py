"""Where things are for a unit. Source: juju agent/paths.go, reference of Juju's hook environment."""

JUJU = '/var/lib/juju'


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
    return f'{commands_dir(unit)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

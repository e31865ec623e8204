"""An event that is played before any other, in a process that is thrown away, to see what of the
libraries events run: that is then laid together (hot_code.py) and looked up in advance
(lookups.py). What it does is not kept, and nothing in an event depends on it but how long it takes.

Hook commands are answered as a unit would see them that has just been placed: options at their
defaults, no relations, no leader. Others fail.
"""

import dis
import json
import os
import sys

from . import agent, commands, main_program, places

EVENT = 'config-changed'
CONTEXT = 'rehearsal'
UUID = '00000000-0000-4000-8000-000000000000'
UNKNOWN = object()
VARIABLES = {
    **dict.fromkeys(('LOAD_FAST', 'LOAD_DEREF', 'LOAD_CLOSURE'), lambda frame: frame.f_locals),
    **dict.fromkeys(('LOAD_GLOBAL', 'LOAD_NAME'), lambda frame: frame.f_globals),
}
ATTRIBUTES = frozenset(('LOAD_ATTR', 'LOAD_METHOD', 'STORE_ATTR'))
SILENT = frozenset(('CACHE', 'PRECALL', 'PUSH_NULL', 'EXTENDED_ARG', 'NOP'))
CALLED = ('__init__', '__new__', '__call__')
ENTERED = ('__enter__', '__exit__', '__getattr__', '__len__', '__bool__', '__iter__', '__getitem__')
NOT_ANSWERED = (1, b'', b'ERROR this is a rehearsal\n')


def rehearse(unit, main, code):
    """Runs the main file's code as an event would; answers what was met, as JSON can say it."""
    prepare(unit, main)
    watched = Watched()
    module = main_program.main_module(f'{places.charm_dir(unit)}/./{main}')
    sys.setprofile(watched.profile)
    try:
        exec(code, module.__dict__)
    except BaseException:
        # What it came to is enough.
        pass
    finally:
        sys.setprofile(None)
    return watched.told()


def prepare(unit, main):
    charm = places.charm_dir(unit)
    answers = answers_for(charm)
    os.chdir(charm)
    sys.argv = [f'./{main}']
    os.environ.update(environment(unit, charm))
    commands.begin(frozenset(answers), places.commands_dir(unit), places.search_path(unit))
    agent.command = lambda folder, stdin, argv: answers.get(argv[0].decode(), NOT_ANSWERED)


def environment(unit, charm):
    return {
        'CHARM_DIR': charm,
        'JUJU_CHARM_DIR': charm,
        'JUJU_CONTEXT_ID': CONTEXT,
        'JUJU_DISPATCH_PATH': f'hooks/{EVENT}',
        'JUJU_HOOK_NAME': EVENT,
        'JUJU_MODEL_NAME': CONTEXT,
        'JUJU_MODEL_UUID': UUID,
        'JUJU_UNIT_NAME': unit,
        'JUJU_VERSION': '3.6.0',
        'PATH': places.search_path(unit),
    }


def answers_for(charm):
    said = {'config-get': defaults(charm), 'is-leader': False, 'relation-ids': []}
    silent = ('juju-log', 'status-set')
    told = {name: (0, json.dumps(what).encode(), b'') for name, what in said.items()}
    return told | dict.fromkeys(silent, (0, b'', b''))


def defaults(charm):
    """Options at their defaults, where the charm brings a library that reads them."""
    try:
        import yaml

        with open(f'{charm}/config.yaml', encoding='utf-8') as file:
            options = yaml.safe_load(file)['options']
        return {name: one['default'] for name, one in options.items() if 'default' in one}
    except Exception:
        return {}


class Watched:
    """Code in the order in which it first ran, and what it looked up in which types."""

    def __init__(self):
        self.codes = {}
        self.lookups = {}

    def profile(self, frame, event, _):
        if event not in ('call', 'return'):
            return
        seen = self.codes.setdefault(frame.f_code, set())
        own = next(iter(frame.f_locals.values()), None)
        if event == 'return' and type(own) not in seen:
            seen.add(type(own))
            self.lookups |= dict.fromkeys(lookups_of(frame))

    def told(self):
        named = [(name_of(kind), name) for kind, name in self.lookups]
        return {
            'codes': [key_of(code) for code in self.codes],
            'lookups': [(*kind, name) for kind, name in named if kind],
        }


def lookups_of(frame):
    """Types and names, as far as reading the code tells: attributes of variables, attributes of
    those, and what the interpreter itself looks up in what it calls or enters.
    """
    value = UNKNOWN
    for step in dis.get_instructions(frame.f_code):
        if step.opname in VARIABLES:
            value = VARIABLES[step.opname](frame).get(step.argval, UNKNOWN)
            yield from specials_of(value)
        elif step.opname in ATTRIBUTES:
            if value is not UNKNOWN:
                yield type(value), step.argval
                if isinstance(value, type):
                    yield value, step.argval
            value = held(value, step.argval)
        elif step.opname not in SILENT:
            value = UNKNOWN


def specials_of(value):
    kind = value if isinstance(value, type) else type(value)
    names = CALLED if isinstance(value, type) else ENTERED
    return [(kind, name) for name in names if any(name in vars(one) for one in kind.__mro__[:-1])]


def held(value, name):
    """An attribute that no code has to run for."""
    try:
        return vars(value).get(name, UNKNOWN)
    except TypeError:
        return UNKNOWN


def key_of(code):
    """What a code object is known by in another process."""
    return code.co_filename, getattr(code, 'co_qualname', code.co_name), code.co_firstlineno


def name_of(kind):
    """The same of a type; None for one that has no proper name."""
    try:
        name = kind.__module__, kind.__qualname__
    except Exception:
        return None
    return name if all(type(part) is str for part in name) else None

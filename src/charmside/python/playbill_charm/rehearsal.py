"""An event that is played before any other, in a process that is thrown away, to see what of the
libraries events run: that is then laid together (hot_code.py) and looked up in advance
(lookups.py). What it does is not kept, and nothing in an event depends on it but how long it takes.

Hook commands are answered as a unit would see them that has just been placed: options at their
defaults, no relations, no leader. Others fail.
"""

import json
import os
import sys

from . import agent, commands, main_program, places

EVENT = 'config-changed'
CONTEXT = 'rehearsal'
UUID = '00000000-0000-4000-8000-000000000000'
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
    """Code in the order in which it first ran, and the types of what its variables held."""

    def __init__(self):
        self.codes = {}

    def profile(self, frame, event, _):
        if event not in ('call', 'return'):
            return
        kinds = self.codes.setdefault(frame.f_code, {})
        if event == 'return':
            for value in tuple(frame.f_locals.values()):
                kinds[type(value)] = None
                if isinstance(value, type):
                    kinds[value] = None

    def told(self):
        return [
            [*key_of(code), list(filter(None, map(name_of, kinds)))]
            for code, kinds in self.codes.items()
        ]


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

#!/usr/bin/env python3
"""The peer: one case of a fixture charm through ops.testing.Context.run, in a sandbox of ours.

Reads case.json in its folder, {charm, context, state, event} in the dialect of dialect.py, and writes answer.json.
"""

import importlib.util
import json
import logging
import pathlib
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import dialect  # noqa: E402
import ops  # noqa: E402
import ops.testing  # noqa: E402
import scenario.errors  # noqa: E402
import yaml  # noqa: E402


def charm_class(name):
    """The one class of the fixture's src/charm.py, and what charmcraft.yaml says of it."""
    folder = HERE / 'charms' / name
    spec = importlib.util.spec_from_file_location('charm', folder / 'charm.py')
    module = importlib.util.module_from_spec(spec)
    sys.modules['charm'] = module
    spec.loader.exec_module(module)
    declared = yaml.safe_load((folder / 'charmcraft.yaml').read_text())
    found = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == 'charm']
    return found[0], declared


def open_context(case):
    kind, declared = charm_class(case['charm'])
    apart = ('config', 'actions', 'parts', 'platforms', 'base', 'type')
    meta = {key: value for key, value in declared.items() if key not in apart}
    given = {key: value for key, value in case['context'].items() if value is not None}
    return ops.testing.Context(
        kind, meta=meta, config=declared.get('config'), actions=declared.get('actions'), **given
    )


def files_below(root):
    """Every file and folder below a container's root, mounts followed: [[path, text or null]]."""
    found = []

    def walk(folder, shown):
        for path in sorted(folder.iterdir()):
            name = f'{shown}/{path.name}'
            if path.is_dir():
                found.append([name, None])
                walk(path, name)
            else:
                found.append([name, path.read_text()])

    if root.exists():
        walk(root, '')
    return found


def caught(error):
    """The charm's own error, where ops.testing wraps one."""
    inner = error.__cause__ if isinstance(error, scenario.errors.UncaughtCharmError) else None
    shown = inner or error
    return {'type': type(shown).__name__, 'message': str(shown), 'charm': inner is not None}


def answer(case):
    ctx = open_context(case)
    state = dialect.decode(case['state'])
    event = dialect.decode_event(case['event'], state)
    told = {'state': None, 'exception': None}
    try:
        told['state'] = dialect.encode(ctx.run(event, state))
    except ops.testing.ActionFailed as failed:
        told['state'] = dialect.encode(failed.state)
        told['action_failure'] = failed.message
    except Exception as error:
        told['exception'] = caught(error)
    return {
        **told,
        'action_results': ctx.action_results,
        'action_logs': list(ctx.action_logs),
        'requested_storages': dict(ctx.requested_storages),
        'removed_secret_revisions': list(ctx.removed_secret_revisions),
        'container_files': {
            container.name: files_below(ctx._get_container_root(container.name))
            for container in state.containers
            if container.can_connect
        },
    }


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter('ignore')
    case = json.loads(pathlib.Path('case.json').read_text())
    pathlib.Path('answer.json').write_text(json.dumps(answer(case), sort_keys=True))


main()

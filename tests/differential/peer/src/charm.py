#!/usr/bin/env python3
"""The peer: cases of fixture charms through ops.testing.Context.run, in a sandbox of ours.

Reads cases.json in its folder, a list of {charm, context, state, event} in the Scenario dialect, and writes
answers.json, a list as long.
"""

import json
import logging
import pathlib
import warnings

import actions_charm
import kubernetes_charm
import machine_charm
import ops.testing
import playbill_scenario
import scenario.errors

LIB = pathlib.Path(machine_charm.__file__).parent
CLASSES = {
    'actions': actions_charm.ActionsCharm,
    'kubernetes': kubernetes_charm.KubernetesCharm,
    'machine': machine_charm.MachineCharm,
}


def open_context(case):
    kind = CLASSES[case['charm']]
    declared = json.loads((LIB / f'{case["charm"]}.json').read_text())
    apart = ('config', 'actions', 'parts', 'platforms', 'base', 'type')
    meta = {key: value for key, value in declared.items() if key not in apart}
    given = {key: value for key, value in case['context'].items() if value is not None}
    return ops.testing.Context(
        kind, meta=meta, config=declared.get('config'), actions=declared.get('actions'), **given
    )


def caught(error):
    """The charm's own error, where ops.testing wraps one."""
    inner = error.__cause__ if isinstance(error, scenario.errors.UncaughtCharmError) else None
    shown = inner or error
    return {'type': type(shown).__name__, 'message': str(shown), 'charm': inner is not None}


def answer(case):
    ctx = open_context(case)
    state = playbill_scenario.from_json(case['state'])
    event = playbill_scenario.from_json(case['event'], state=state)
    told = {'state': None, 'exception': None}
    try:
        told['state'] = playbill_scenario.to_json(ctx.run(event, state), embed=False)
    except ops.testing.ActionFailed as failed:
        told['state'] = playbill_scenario.to_json(failed.state, embed=False)
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
            container.name: playbill_scenario.files_json(ctx._get_container_root(container.name))
            for container in state.containers
            if ctx._get_container_root(container.name).exists()
        },
    }


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter('ignore')
    cases = json.loads(pathlib.Path('cases.json').read_text())
    answers = [answer(case) for case in cases]
    pathlib.Path('answers.json').write_text(json.dumps(answers, sort_keys=True))


main()

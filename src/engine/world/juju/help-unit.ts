/**
 * Help texts of the commands about the unit, its application and its model, and of actions.
 * Source: juju jujuc/*.go, for usage, options and defaults.
 */
import { OLD_FORMAT, output, text, yes, type Help } from './help.ts';

export const UNIT_HELPS: Readonly<Record<string, Help>> = {
  'application-version-set': {
    words: '<new-version>',
    summary: 'Tell Juju which version of the workload runs.',
    flags: [],
    details: 'juju status shows it. It is not the charm’s own revision.',
  },
  'config-get': {
    words: '[<key>]',
    summary: 'Print the application’s configuration.',
    flags: [...output(), yes('a all', 'Print options without a value too')],
    details: [
      'With a key its value is printed, and nothing when there is none. Without, all options that have a value.',
      'A key and --all exclude each other.',
    ].join('\n'),
  },
  'credential-get': {
    words: '',
    summary: 'Tell the cloud that the model is in, and its credential.',
    flags: output(),
    details: 'The application has to be trusted.',
  },
  'goal-state': {
    words: '',
    summary: 'Tell which units and relations there will be.',
    flags: output('yaml'),
    details:
      'Units of this application and of those related to it, each with its status and since when.',
  },
  'is-leader': {
    words: '',
    summary: 'Tell whether this unit leads its application.',
    flags: output(),
    details: 'A yes holds for thirty seconds at least.',
  },
  'juju-log': {
    words: '<message>',
    summary: 'Write a message to the log.',
    flags: [
      OLD_FORMAT,
      yes('debug', 'Log at level DEBUG'),
      text('l log-level', 'Log at this level', 'INFO'),
    ],
    details: '',
  },
  'juju-reboot': {
    words: '',
    summary: 'Reboot the machine.',
    flags: [yes('now', 'End the hook at once; it is run again after the reboot')],
    details:
      'Without --now the machine reboots when the hook has ended well. Actions cannot ask for it.',
  },
  'status-get': {
    words: '[--include-data] [--application]',
    summary: 'Print the status of the workload.',
    flags: [
      ...output(),
      yes('include-data', 'Print message and data of the status too'),
      yes(
        'application',
        'Print the application’s status and its units’, which only the leader may',
      ),
    ],
    details: 'The status is read once per hook: a status-set in between is not seen.',
  },
  'status-set': {
    words: '<maintenance | blocked | waiting | active> [message]',
    summary: 'Set the status of the workload.',
    flags: [yes('application', 'Set the application’s status, which only the leader may')],
    details: 'It is set at once, and stays when the hook fails.',
  },
};

export const ACTION_HELPS: Readonly<Record<string, Help>> = {
  'action-fail': {
    words: '["<failure message>"]',
    summary: 'Mark the action as failed.',
    flags: [],
    details: 'Without a message a usual one is given.',
  },
  'action-get': {
    words: '[<key>[.<key>.<key>...]]',
    summary: 'Print parameters of the action.',
    flags: output(),
    details: 'Dots lead into maps. Without a key all parameters are printed.',
  },
  'action-log': {
    words: '<message>',
    summary: 'Report how far the action has come.',
    flags: [],
    details: '',
  },
  'action-set': {
    words: '<key>=<value> [<key>=<value> ...]',
    summary: 'Set results of the action.',
    flags: [],
    details: [
      'Dots in a key nest the result. Keys are of small letters, digits, hyphens and dots, and',
      'stdout, stdout-encoding, stderr and stderr-encoding are taken.',
    ].join('\n'),
  },
};

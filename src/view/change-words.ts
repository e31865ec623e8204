/**
 * What a changed value is called: `config slug`, `db:0, this unit's databag: ready`, `notice-board: /etc/app.conf`.
 * Bookkeeping (allocated ids, moments, stages of life) is told apart so that it can be folded.
 */
import type { SliceName } from '../engine/world/state.ts';

export type Subject = {
  readonly text: string;
  /** True for values that follow from the event having happened and say nothing about the charm. */
  readonly bookkeeping: boolean;
};
type Path = readonly string[];

/** What Juju keeps for itself: it follows from events, and no charm sees it. */
const KEPT_BY_JUJU = ['stage', 'nextRelation', 'nextSecret', 'agentStatus', 'failed', 'hook'];

/** The words for a path in a slice. Total: an unknown path is its own words. */
export function changeSubject(slice: SliceName, path: Path): Subject {
  const bookkeeping = isBookkeeping(slice, path);
  return { text: subjectText(slice, path) || path.join(' › ') || slice, bookkeeping };
}

function isBookkeeping(slice: SliceName, path: Path): boolean {
  if (slice === 'clock') return true;
  const last = path.at(-1) ?? '';
  if (slice === 'juju') {
    if (path[0] === 'relations' && path[2] === 'known') return true;
    return KEPT_BY_JUJU.includes(path[0] ?? '') || last === 'since';
  }
  // ops keeps what a deferred event holds beside the notice of it.
  if (slice === 'machine' && OF_MACHINE.includes(path[0] ?? '')) return true;
  if (slice === 'machine') return path[2] === 'snapshot' && /\/on\/[^/]+\[\d+\]$/.test(last);
  if (slice !== 'pebble') return false;
  if (OF_PEBBLE.includes(path[2] ?? '') || path[4] === 'life') return true;
  if (['nextChange', 'nextTask', 'nextNotice', 'bootId', 'since', 'modified'].includes(last))
    return true;
  return path[2] === 'changes' || (path[2] === 'checks' && CHECK_COUNTS.includes(last));
}

function subjectText(slice: SliceName, path: Path): string {
  switch (slice) {
    case 'juju':
      return jujuText(path);
    case 'pebble':
      return containerText(path);
    case 'machine':
      return machineText(path);
    case 'clock':
      return 'time';
  }
}

/** What Pebble keeps to go on with: it follows from what is shown elsewhere. */
const OF_PEBBLE = ['executions', 'image', 'base'];
const CHECK_COUNTS = ['successes', 'change', 'previous', 'running', 'next', 'recovered'];

/** Maps by a name of their own: `secret d0… › revisions › 2`. */
const NAMED: Readonly<Record<string, string>> = {
  secrets: 'secret',
  storages: 'storage',
  requestedStorages: 'storage asked for:',
  resources: 'resource',
  leaderSettings: 'leader setting',
  unitState: 'state on the controller:',
  networks: 'network of',
  otherPorts: 'ports of',
  payloads: 'payload',
};

const JUJU_WORDS: Readonly<Record<string, string>> = {
  unitStatus: 'unit status',
  appStatus: 'application status',
  agentStatus: 'agent status',
  workloadVersion: 'workload version',
  leader: 'leadership',
  plannedUnits: 'planned units',
  nextRelation: 'next relation id',
  stage: 'stage of life',
};

function jujuText([head = '', ...rest]: Path): string {
  if (head === 'relations') return relationText(rest);
  if (head === 'ports') return `port ${rest.join(' ')}`;
  if (head === 'action') return `action ${rest.join(' › ')}`.trim();
  const named = NAMED[head];
  if (named !== undefined)
    return [`${named} ${rest[0] ?? ''}`.trim(), ...rest.slice(1)].join(' › ');
  if (head === 'config') return `config ${rest.join(' › ')}`;
  const word = JUJU_WORDS[head] ?? head;
  const tail = rest.filter((part) => part !== 'status');
  if (tail[0] === 'message') return `${word} message`;
  return tail.length > 0 ? `${word}: ${tail.join(' › ')}` : word;
}

function relationText([key = '', bag, ...rest]: Path): string {
  const named = (owner: string, at: Path): string =>
    `${key}, ${owner} databag${at.length > 0 ? `: ${at.join(' › ')}` : ''}`;
  switch (bag) {
    case undefined:
      return `relation ${key}`;
    case 'localApp':
      return named("this application's", rest);
    case 'localUnit':
      return named("this unit's", rest);
    case 'remoteApp':
      return named("remote application's", rest);
    case 'units':
      return rest[0] === undefined ? `${key}, remote units` : named(`${rest[0]}'s`, rest.slice(1));
    default:
      return [`relation ${key}`, bag, ...rest].join(' › ');
  }
}

function containerText([head, container = '', part = '', ...rest]: Path): string {
  if (head !== 'containers') return '';
  if (!part) return `container ${container}`;
  const words: Readonly<Record<string, string>> = {
    canConnect: 'Pebble answers',
    services: 'service',
    layers: 'layers',
    changes: 'Pebble change',
    programs: 'how its program behaves:',
    history: 'what happened to services',
    executed: 'programs executed',
    execs: 'how programs behave',
    checks: 'check',
    checkFindings: 'what is found by check',
    notices: 'notice',
    identities: 'identity',
    gone: 'no more:',
  };
  if (part === 'root') return `${container}: ${filePath(rest)}`;
  return `${container}: ${[words[part] ?? part, ...rest].join(' ').replace(/ current$/, '')}`;
}

/** `entries etc entries app.conf digest` is the contents of /etc/app.conf. */
function filePath(path: Path): string {
  const names: string[] = [];
  let at = 0;
  for (; path[at] === 'entries' && at + 1 < path.length; at += 2) names.push(path[at + 1] ?? '');
  const field = path
    .slice(at)
    .filter((part) => part !== 'entries')
    .join(' › ');
  const words: Readonly<Record<string, string>> = { digest: 'contents', modified: 'time' };
  return `/${names.join('/')}${field ? ` (${words[field] ?? field})` : ''}`;
}

/** Parts of the machine, whose members have names of their own. */
const MACHINE_WORDS: Readonly<Record<string, string>> = {
  packages: 'package',
  snaps: 'snap',
  units: 'service',
  processes: 'process',
  sysctl: 'kernel parameter',
  firewall: 'firewall',
  unitPrograms: 'how it behaves:',
  archive: 'in the archive:',
  snapStore: 'in the store:',
};
const OF_MACHINE = ['nextPid', 'journal', 'lists', 'snapChanges'];

function machineText([head = '', file = '', ...rest]: Path): string {
  if (head === 'deferred') return `deferred ${file}`;
  if (head === 'folders') {
    const [name, ...field] = rest;
    return [name === undefined ? file : `${file}/${name}`, ...field].join(' › ');
  }
  if (head === 'charmDir') return ['charm directory', file, ...rest].filter(Boolean).join(' ');
  if (head === 'databases') return [file, ...rest].filter(Boolean).join(' › ');
  if (head === 'root') return file === '' ? 'machine' : [`machine: /${file}`, ...rest].join(' › ');
  const word = MACHINE_WORDS[head];
  if (word !== undefined) return [`${word} ${file}`.trim(), ...rest].join(' › ');
  return [head, file, ...rest].filter(Boolean).join(' › ');
}

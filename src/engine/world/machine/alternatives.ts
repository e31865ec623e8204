/**
 * update-alternatives: which of several programs a name leads to, as links that charms find.
 * Source: update-alternatives(1) and its database under /var/lib/dpkg/alternatives, of dpkg 1.21.
 * Not modelled: slave links, groups that the base has: they are known once they were installed here.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import {
  file,
  isRoot,
  look,
  reply,
  textOf,
  type Files,
  type Program,
  type RootChanges,
} from './program.ts';

const DATABASE = '/var/lib/dpkg/alternatives';
const LINKS = '/etc/alternatives';

type Group = {
  readonly name: string;
  readonly auto: boolean;
  readonly link: string;
  readonly choices: readonly (readonly [string, number])[];
};

function readGroup(name: string, text: string): Group {
  const [mode = 'auto', link = '', , ...rest] = text.split('\n');
  const choices: [string, number][] = [];
  for (let at = 0; at + 1 < rest.length && rest[at] !== ''; at += 2) {
    choices.push([rest[at] ?? '', Number(rest[at + 1])]);
  }
  return { name, auto: mode === 'auto', link, choices };
}

function groupText({ auto, link, choices }: Group): string {
  const listed = choices.map(([path, priority]) => `${path}\n${priority}\n`);
  return `${auto ? 'auto' : 'manual'}\n${link}\n\n${listed.join('')}\n`;
}

function best({ choices }: Group): string | undefined {
  return [...choices].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** What a group comes to: its links and its entry in the database. */
function written(group: Group, chosen: string | undefined): RootChanges {
  const { name, link } = group;
  if (chosen === undefined) {
    const gone = { kind: 'removed' } as const;
    return { [`${DATABASE}/${name}`]: gone, [`${LINKS}/${name}`]: gone, [link]: gone };
  }
  return {
    [`${DATABASE}/${name}`]: file(groupText(group)),
    [`${LINKS}/${name}`]: { kind: 'link', target: chosen },
    [link]: { kind: 'link', target: `${LINKS}/${name}` },
  };
}

function currentOf(files: Files, name: string): string | undefined {
  const found = files[`${LINKS}/${name}`];
  return found?.kind === 'link' ? found.target : undefined;
}

function failed(message: string): Answer {
  return reply(2, '', `update-alternatives: error: ${message}\n`);
}

type Doing = {
  readonly files: Files;
  readonly group: Group | null;
  readonly rest: readonly string[];
};

function using(path: string, { link, name }: Group, mode: string): string {
  return `update-alternatives: using ${path} to provide ${link} (${name}) in ${mode} mode\n`;
}

function install({ files, group, rest }: Doing): Answer {
  const [link = '', name = '', path = '', priority = ''] = rest;
  if (!/^-?\d+$/.test(priority)) return failed('priority must be an integer');
  if (!files[path]) return failed(`alternative path ${path} doesn't exist`);
  const others = (group?.choices ?? []).filter(([one]) => one !== path);
  const whole: Group = {
    name,
    link,
    auto: group?.auto ?? true,
    choices: [...others, [path, Number(priority)] as const].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
  const before = currentOf(files, name);
  const chosen = whole.auto ? best(whole) : (before ?? path);
  const out = chosen !== undefined && chosen !== before ? using(chosen, whole, 'auto') : '';
  return reply(0, out, '', written(whole, chosen));
}

function set({ files, group, rest: [name = '', path = ''] }: Doing): Answer {
  if (!group) return failed(`no alternatives for ${name}`);
  if (!group.choices.some(([one]) => one === path)) {
    return failed(`alternative ${path} for ${name} not registered; not setting`);
  }
  const out = currentOf(files, name) === path ? '' : using(path, group, 'manual');
  return reply(0, out, '', written({ ...group, auto: false }, path));
}

function auto({ files, group, rest: [name = ''] }: Doing): Answer {
  if (!group) return failed(`no alternatives for ${name}`);
  const chosen = best(group);
  const changed = chosen !== undefined && currentOf(files, name) !== chosen;
  return reply(
    0,
    changed ? using(chosen, group, 'auto') : '',
    '',
    written({ ...group, auto: true }, chosen),
  );
}

function remove({ files, group, rest: [name = '', path = ''] }: Doing): Answer {
  if (!group?.choices.some(([one]) => one === path)) {
    return reply(
      0,
      '',
      `update-alternatives: warning: alternative ${path} (part of link group ${name}) doesn't exist\n`.replace(
        /^/,
        '',
      ),
    );
  }
  const left = { ...group, choices: group.choices.filter(([one]) => one !== path) };
  const current = currentOf(files, name);
  const chosen = current === path || group.auto ? best(left) : current;
  const whole = { ...left, auto: group.auto || current === path };
  return reply(
    0,
    chosen !== undefined && chosen !== current ? using(chosen, whole, 'auto') : '',
    '',
    written(whole, chosen),
  );
}

function query({ files, group, rest: [name = ''] }: Doing): Answer {
  if (!group) return failed(`no alternatives for ${name}`);
  const rows = group.choices.map(
    ([path, priority]) => `\nAlternative: ${path}\nPriority: ${priority}\n`,
  );
  const mode = group.auto ? 'auto' : 'manual';
  return reply(
    0,
    `Name: ${name}\nLink: ${group.link}\nStatus: ${mode}\nBest: ${best(group)}\n` +
      `Value: ${currentOf(files, name)}\n${rows.join('')}`,
  );
}

function list({ group, rest: [name = ''] }: Doing): Answer {
  if (!group) return failed(`no alternatives for ${name}`);
  return reply(0, group.choices.map(([path]) => `${path}\n`).join(''));
}

function removeAll({ group, rest: [name = ''] }: Doing): Answer {
  return group
    ? reply(0, '', '', written({ ...group, choices: [] }, undefined))
    : failed(`no alternatives for ${name}`);
}

const ACTIONS: Readonly<Record<string, (doing: Doing) => Answer>> = {
  '--install': install,
  '--set': set,
  '--auto': auto,
  '--remove': remove,
  '--remove-all': removeAll,
  '--query': query,
  '--list': list,
};
const TELLING = ['--query', '--list'];

function wordsOf({ argv }: CommandRequest): {
  action: string;
  rest: readonly string[];
  odd: boolean;
} {
  const words = argv
    .slice(1)
    .filter((word) => !/^--(?:quiet|verbose|force|skip-auto|debug)$/.test(word));
  const at = words.findIndex((word) => word.startsWith('--'));
  const [action = '', ...rest] = words.slice(Math.max(at, 0));
  return { action, rest, odd: rest.some((word) => word.startsWith('--')) };
}

export const updateAlternatives: Program = (_draw, request) => {
  const { action, rest, odd } = wordsOf(request);
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!run || odd)
    return { kind: 'unsupported', what: `update-alternatives ${odd ? '--slave' : action}` };
  if (!TELLING.includes(action) && !isRoot(request)) {
    return failed('unable to create file ‘/var/lib/dpkg/alternatives’: Permission denied');
  }
  const name = (action === '--install' ? rest[1] : rest[0]) ?? '';
  const path = action === '--install' ? [rest[2] ?? '/'] : [];
  const looked = look(request, [`${DATABASE}/${name}`, `${LINKS}/${name}`, ...path]);
  if (looked) return looked;
  const files = request.found ?? {};
  const text = textOf(files, `${DATABASE}/${name}`);
  return run({ files, group: text === null ? null : readGroup(name, text), rest });
};

/**
 * Answers to questions that packages would ask, given before they are installed.
 * Source: debconf-set-selections(1), debconf-show(1).
 * Not modelled: whether a package's scripts make anything of an answer: the tree says what they leave.
 */
import { absolute, inputOf, look, reply, textOf, type Program } from './program.ts';

const TYPES = [
  ...['string', 'boolean', 'select', 'multiselect', 'note', 'text', 'password', 'title', 'seen'],
  'error',
];

export const debconfSetSelections: Program = (draw, request) => {
  const files = request.argv.slice(1).filter((word) => !word.startsWith('-'));
  const paths = files.map((path) => absolute(path, request.cwd));
  const looked = look(request, paths.length > 0 ? paths : ['/dev/stdin']);
  if (looked) return looked;
  const texts = paths.map((path) => textOf(request.found ?? {}, path));
  const missing = files[texts.indexOf(null)];
  if (missing !== undefined) {
    return reply(
      2,
      '',
      `Can't open ${missing}: No such file or directory at /usr/bin/debconf-set-selections line 102.\n`,
    );
  }
  const lines = (paths.length > 0 ? texts.join('\n') : inputOf(request)).split('\n');
  const answers: Record<string, string> = {};
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, owner = '', question = '', type = '', value = ''] =
      /^\s*(\S+)\s+(\S+)\s+(\S+)(?:\s(.*))?$/.exec(line) ?? [];
    if (!TYPES.includes(type)) {
      return reply(1, '', `error: Cannot find a question for ${question} at line ${at + 1}\n`);
    }
    if (type !== 'seen') answers[`${owner} ${question}`] = value;
  }
  if (
    Object.keys(answers).length > 0 &&
    !request.argv.some((word) => /^(?:-c|--checkonly)$/.test(word))
  ) {
    draw.set((slice) => void (slice.answers = { ...slice.answers, ...answers }));
  }
  return reply(0);
};

export const debconfShow: Program = ({ seen }, request) => {
  const names = request.argv.slice(1);
  if (names.some((word) => word.startsWith('-')) || names.length === 0) {
    return { kind: 'unsupported', what: request.argv.join(' ') };
  }
  const lines = Object.entries(seen.answers ?? {}).flatMap(([key, value]) => {
    const [owner = '', question = ''] = key.split(' ');
    return names.includes(owner) ? [`* ${question}: ${value}\n`] : [];
  });
  return reply(0, lines.sort().join(''));
};

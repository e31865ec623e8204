/**
 * The dispatch script that charmcraft gives a Python charm which brings none, and how to know one
 * when it is there.
 * Source: charmcraft const.py (DISPATCH_CONTENT, since 1.0) and dispatch.py (create_dispatch, since
 * 3.0).
 * Not modelled: the newer script, which starts `venv/bin/python` with PYTHONPATH=lib:src, is known
 * but written in the older form, since a charm's packages lie flat in `venv` here: the same modules
 * are found in the same order.
 */

const ENTRY = String.raw`["']?(?:\./|\$\{dispatch_path\}/|\$\(dirname \$0\)/)?([\w./-]+\.py)["']?`;
const NAMED = String.raw`(?:JUJU_DISPATCH_PATH="\$\{JUJU_DISPATCH_PATH:-\$0\}" )?`;
const OLD = new RegExp(`^${NAMED}PYTHONPATH=lib:venv (?:exec )?(?:python3 )?${ENTRY}$`);
const NEW = new RegExp(String.raw`^exec "\$\{python_path\}" ${ENTRY}$`);
/** What each other line of the newer script begins with. */
const NEW_LINES = [
  'dispatch_path=',
  'venv_bin_path=',
  'python_path=',
  'if [ ! -e "${python_path}" ]; then',
  'mkdir -p ',
  'ln -s $(which python3) "${python_path}"',
  'fi',
  'export PYTHONPATH="${dispatch_path}/lib:${dispatch_path}/src"',
  'export LD_LIBRARY_PATH="${dispatch_path}/usr/lib:',
];

/**
 * The script for a charm that starts at `entrypoint`, relative to the charm's folder. The charm
 * plugin executes it, the newer plugins hand it to Python, so that it needs neither mode nor
 * shebang.
 */
export function dispatchScript(entrypoint: string, starter: 'itself' | 'python3'): string {
  return [
    '#!/bin/sh',
    '',
    'JUJU_DISPATCH_PATH="${JUJU_DISPATCH_PATH:-$0}" PYTHONPATH=lib:venv \\',
    `  exec ${starter === 'itself' ? '' : 'python3 '}./${entrypoint}`,
    '',
  ].join('\n');
}

/**
 * charmcraft's own script: what it starts, relative to the charm's folder, and in which of its two
 * forms.
 */
export type OwnDispatch = { readonly entrypoint: string; readonly form: 'older' | 'newer' };

/** What the script is when it is charmcraft's own; null for any other script. */
export function readDispatch(script: string): OwnDispatch | null {
  const lines = script
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.pop() ?? '';
  const older = lines.length === 0 ? OLD.exec(last)?.[1] : undefined;
  const fits =
    lines.length > 0 && lines.every((line) => NEW_LINES.some((start) => line.startsWith(start)));
  const entrypoint = older ?? (fits ? NEW.exec(last)?.[1] : undefined);
  if (entrypoint === undefined || entrypoint.split('/').includes('..')) return null;
  return { entrypoint, form: older === undefined ? 'newer' : 'older' };
}

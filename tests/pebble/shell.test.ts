/** Small scripts, acted out as a real shell would run them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actOut, actTrap, type Around } from '../../scripts/pebble/shell-run.ts';
import { NotSimulated } from '../../scripts/pebble/shell-syntax.ts';
import { temporary } from '../project/temporary.ts';

function around(more: Partial<Around> = {}): Around {
  return { environment: {}, workingDir: '/', stdin: '', files: () => null, ...more };
}

const SH = (script: string): readonly string[] => ['sh', '-c', script];

/** Run by a shell too: what it prints and exits with is what is expected. */
const SCRIPTS: readonly string[] = [
  'echo hello; echo world',
  'echo out; echo err >&2; exit 3',
  'exit',
  'false; exit',
  'false || echo no',
  'true && echo yes || echo no',
  'false && echo yes || echo no',
  'if test 1 = 2; then echo a; elif [ -n x ]; then echo b; else echo c; fi',
  'for x in a "b c" d; do echo "<$x>"; done',
  'A="x  y"; echo $A "$A" \'$A\' \\$A',
  'echo ${NONE-unset} ${NONE:-empty} ${SET:-x} ${EMPTY-unset} ${EMPTY:-empty}',
  'echo a$NONE"b"c $NONE d',
  'X=1 sh -c \'echo $X\'; echo "<$X>"',
  'export X=2; sh -c "echo $X"',
  '(exit 4); echo $?',
  '{ echo a; echo b; } | wc -l',
  'echo one | cat',
  'printf "%s-%s\\n" a b c d',
  'printf "no newline"',
  'echo -n x; echo y',
  'read a b; echo "$b $a"; cat',
  'head -n 1; wc -c',
  'cat > /dev/null; echo done',
  '! true; echo $?',
  'while read line; do echo "[$line]"; done',
  'echo a > DIR/f; echo b >> DIR/f; cat DIR/f; test -f DIR/f && test -s DIR/f && test -d DIR && echo all',
  'cat DIR/none; echo $?',
  'cat < DIR/given',
  '# nothing\necho x # more\n\necho y',
  'no-such-program; echo $?',
  'exec echo last; echo never',
  ': ; echo "a;b" ; echo a\\;b',
  'test 3 -gt 2 && [ a != b ] && test -z "" && test ! -e DIR/none && echo so',
  'sleep 0.01; echo slept',
];
const STDIN = 'first second\nthird\n';

function run(script: string, folder: string) {
  const environment = { PATH: process.env['PATH'] ?? '', SET: 'set', EMPTY: '' };
  const ran = spawnSync('sh', ['-c', script], { input: STDIN, env: environment, cwd: '/' });
  return {
    exit: ran.status,
    stdout: ran.stdout.toString('latin1').replaceAll(folder, 'DIR'),
    stderr: ran.stderr.toString('latin1').replaceAll(folder, 'DIR'),
  };
}

describe('a script comes to what a shell makes of it:', () => {
  it.each(SCRIPTS)('%s', (script) => {
    const folder = temporary();
    writeFileSync(join(folder, 'given'), 'given\n');
    const expected = run(script.replaceAll('DIR', folder), folder);
    const files: Around['files'] = (path) => {
      if (path === '/DIR') return { kind: 'dir', text: '' };
      return path === '/DIR/given' ? { kind: 'file', text: 'given\n' } : null;
    };
    const environment = { SET: 'set', EMPTY: '' };
    const acted = actOut(SH(script.replaceAll('DIR', '/DIR')), {
      ...around({ environment, stdin: STDIN, files }),
    });
    const told = (text: string): string => text.replaceAll('/DIR', 'DIR');
    expect({ exit: acted.exit, stdout: told(acted.stdout) }).toEqual({
      exit: expected.exit,
      stdout: expected.stdout,
    });
    expect(acted.stderr === '').toBe(expected.stderr === '');
  });

  it('and these are run by a real shell here', () => {
    expect(execFileSync('sh', ['-c', 'echo there']).toString()).toBe('there\n');
  });
});

describe('acting out', () => {
  it('takes no time, and says how long it would take', () => {
    expect(actOut(['sleep', '1.5'], around()).takes).toBe(1500);
    expect(actOut(SH('sleep 1; sleep 2m; exec sleep 1'), around()).takes).toBe(122_000);
  });

  it('says of a loop without end that it has none', () => {
    const acted = actOut(SH('echo begun; while :; do sleep 0.05; done; echo never'), around());
    expect([acted.exit, acted.stdout]).toEqual([null, 'begun\n']);
  });

  it('says whether input was read', () => {
    expect(actOut(['cat'], around()).reads).toBe(true);
    expect(actOut(SH('echo x | cat'), around()).reads).toBe(false);
  });

  it('keeps what is said to both in its order', () => {
    expect(actOut(SH('echo a; echo b >&2; echo c'), around()).output).toBe('a\nb\nc\n');
  });

  it('says what it would do about signals', () => {
    const { traps } = actOut(SH('trap "echo caught; exit 5" HUP; trap "" TERM'), around());
    expect(traps).toEqual({ SIGHUP: 'echo caught; exit 5', SIGTERM: '' });
    const caught = actTrap(traps['SIGHUP']!, around());
    expect([caught.exit, caught.stdout]).toEqual([5, 'caught\n']);
    expect(actTrap('echo on', around()).exit).toBeNull();
  });

  it('forgets what it would do about them once it is another program', () => {
    const script = 'trap "echo x" HUP; trap "" TERM; exec sleep 9';
    expect(actOut(SH(script), around()).traps).toEqual({ SIGTERM: '' });
  });

  it.each([
    'echo $(date)',
    'echo `date`',
    'sleep 1 &',
    'f() { echo x; }; f',
    'case x in x) echo;; esac',
    'echo *.txt',
    'echo "open',
    'cat <<X\nX',
    'while true; do echo x',
    'echo $((1 + 2))',
    'head --lines 1',
    'kill $$',
  ])('leaves what it cannot do: %s', (script) => {
    const acted = () => actOut(SH(script), around({ files: () => ({ kind: 'file', text: '' }) }));
    expect(acted).toThrow(NotSimulated);
  });
});

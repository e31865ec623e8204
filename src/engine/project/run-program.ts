/** Runs a program of the user's host (Python, pip, uv) and hands on its lines as they come. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Ran = { readonly code: number; readonly lines: readonly string[] };
export type RunOptions = {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly line?: (line: string) => void;
};

/** Variables that would lead Python or its installers elsewhere than we say. */
const MISLEADING = new RegExp(
  [
    '^PYTHON',
    '^PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV|NO_DEPS|REPORT)$',
    '^UV_(TARGET|PREFIX|PYTHON|SYSTEM_PYTHON|PROJECT_ENVIRONMENT)$',
    '^(VIRTUAL_ENV|__PYVENV_LAUNCHER__)$',
  ].join('|'),
);
const LINES_MAX = 5000;

/**
 * The user's environment without what misleads: proxies, certificates and registries stay as they
 * are set.
 */
export function hostEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.test(name)));
}

/**
 * Ends when the program does. `code` is 127 when it is not there; `lines` are of both streams, the
 * last 5000.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, environment, line }: RunOptions = {},
): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const child = spawn(program, args, {
    cwd,
    env: environment ?? hostEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const take = (text: string): void => {
    lines.push(text);
    if (lines.length > LINES_MAX) lines.shift();
    line?.(text);
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);
  }
  child.on('error', (error) => resolve({ code: 127, lines: [error.message] }));
  child.on('close', (code) => resolve({ code: code ?? 1, lines }));
  return promise;
}

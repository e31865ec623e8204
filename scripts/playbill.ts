/** The command line: arguments in, calls, printing out. Every command's help teaches by example. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { Mistake, Mistakes, mistakeText } from '../src/engine/model/mistake.ts';
import { printable } from './printable.ts';

function packageVersion(): string {
  for (const up of ['..', '../..']) {
    try {
      const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  throw new Error('package.json is not beside the program');
}

/** Commands are loaded when they are run: help and mistakes answer at once. */
type Given<Run extends (...given: never[]) => unknown> = Parameters<Run>;

function withPlaying(command: Command): Command {
  return command
    .option('--trees <folder>', 'where the tree files are (default: trees/)')
    .option('--python <path>', 'the Python to run charms with (default: python3, from 3.10 on)')
    .option('--force', 'play again what the cache has')
    .option('--json', 'one JSON object a line, for machines')
    .option('--fresh-interpreter', 'start Python anew for every event: slow, gives equal records')
    .option(
      '--no-sandbox',
      'run the charm bare on this machine: only where you would run it as root anyway',
    );
}

const EXITS = `
Exit codes:
  0  every node is as expected
  1  a mistake in a tree file, a charm or the command line: nothing was overwritten
  3  a node is not as expected: it failed, or asked for what is not simulated`;

function addFiles(program: Command): void {
  program
    .command('files')
    .description('write the files a node left behind into a folder, and print its path')
    .argument('<node>', 'its id, as play prints it: lifecycle/ready')
    .option('--out <folder>', 'where they go (default: a folder of .playbill/files)')
    .option('--trees <folder>', 'where the tree files are (default: trees/)')
    .option('--python <path>', 'the Python to run charms with (default: python3, from 3.10 on)')
    .addHelpText(
      'after',
      `
The charm's directory, its storage and each container's root. What the cache has is not played again.

Examples:
  $ ls -R "$(playbill files lifecycle/ready)"
  $ diff -r "$(playbill files lifecycle/start)" "$(playbill files lifecycle/ready)"`,
    )
    .action(async (...given: Given<(typeof import('./files-command.ts'))['filesCommand']>) =>
      (await import('./files-command.ts')).filesCommand(...given),
    );
}

function addShell(program: Command): void {
  program
    .command('shell')
    .description("open a shell in the charm's sandbox as a node left it, with live hook commands")
    .argument('<node>', 'its id, as play prints it: lifecycle/ready')
    .option('--event <name>', 'the event whose context hook commands have', 'update-status')
    .option('--trees <folder>', 'where the tree files are (default: trees/)')
    .option('--python <path>', 'the Python to run charms with (default: python3, from 3.10 on)')
    .addHelpText(
      'after',
      `
As juju debug-hooks, with no cluster. The charm's directory and files are those of the node; nothing is kept.

Examples:
  $ playbill shell lifecycle/ready
  $ playbill shell lifecycle/golden/connected --event db-relation-changed
  $ echo config-get | playbill shell lifecycle/ready`,
    )
    .action(async (...given: Given<(typeof import('./shell-command.ts'))['shellCommand']>) =>
      (await import('./shell-command.ts')).shellCommand(...given),
    );
}

const TRANSITION_HELP = `
A line is {"charm": FOLDER OR .charm, "state": …, "event": …}; "permissive": true plays what Juju would never deliver,
"faults": […] lets things go wrong as a tree's "faults" does. What comes back is {"outcome": …, "state": …, …}.

Examples:
  $ echo '{"charm": ".", "state": {}, "event": "install"}' | playbill transition
  $ playbill transition --dialect scenario < transitions.ndjson

Exit codes:
  0  every line was played, whatever became of its charm
  1  a line could not be played: it gives {"error": …}`;

function addTransition(program: Command): void {
  program
    .command('transition')
    .description(
      'play single events: a line of JSON in for each, a line with the state it leaves out',
    )
    .option('--dialect <name>', 'playbill, or scenario: States of ops.testing as JSON', 'playbill')
    .option('--python <path>', 'the Python to run charms with (default: python3, from 3.10 on)')
    .option('--fresh-interpreter', 'start Python anew for every event: slow, gives equal answers')
    .option(
      '--no-sandbox',
      'run charms bare on this machine: only where you would run them as root anyway',
    )
    .addHelpText('after', TRANSITION_HELP)
    .action(
      async (...given: Given<(typeof import('./transition-command.ts'))['transitionCommand']>) =>
        (await import('./transition-command.ts')).transitionCommand(...given),
    );
}

const PEBBLE_HELP = `
Any client can talk to it: ops.pebble.Client, curl --unix-socket, or Pebble's own command line. As it is, no program is
run: services keep running until they are stopped, there are no programs to execute, and a check's command succeeds.
With --run services, executed programs and checks' commands are real programs in a sandbox over the container's files,
with this machine's programs beneath, no network, and no user but root. Checks of http and tcp really ask. Only you can
connect, and you may do everything: who a client is does not matter. Nothing is kept when it ends.

Examples:
  $ playbill pebble --socket /tmp/pebble.socket
  $ playbill pebble --socket /tmp/pebble.socket --layers rock/layers --root rock/root --run
  $ curl --unix-socket /tmp/pebble.socket http://localhost/v1/system-info`;

function addPebble(program: Command): void {
  program
    .command('pebble')
    .description("serve one container's simulated Pebble on a unix socket, on the host's clock")
    .requiredOption('--socket <path>', 'where to listen')
    .option('--layers <folder>', 'layers that it begins with: 001-name.yaml, 002-other.yaml')
    .option('--root <folder>', "the container's files: they are read, and never written")
    .option('--run', 'really run programs, in a sandbox')
    .addHelpText('after', PEBBLE_HELP)
    .action(async (...given: Given<(typeof import('./pebble-command.ts'))['pebbleCommand']>) =>
      (await import('./pebble-command.ts')).pebbleCommand(...given),
    );
}

function addLibrary(program: Command): void {
  program
    .command('library')
    .description('list what a tree may use, or show what an entry stands for')
    .argument('[name]', 'an entry, or an interface')
    .option('--charm <path>', 'the charm it is shown for (default: the one that is here)')
    .option('--json', 'all of it, for machines')
    .addHelpText(
      'after',
      '\nExamples:\n  $ playbill library\n  $ playbill library relation-life\n  $ playbill library ingress',
    )
    .action(async (...given: Given<(typeof import('./library-command.ts'))['libraryCommand']>) =>
      (await import('./library-command.ts')).libraryCommand(...given),
    );
}

function makeProgram(): Command {
  const program = new Command('playbill')
    .description(
      'Plays a real Juju charm through trees of events and publishes its life as a static site.',
    )
    .version(packageVersion())
    .showHelpAfterError('(playbill --help shows examples)')
    .addHelpText(
      'after',
      `
In a charm's repository:
  $ playbill build                 play trees/*.yaml, or a start-up tree, and write the site to site/
  $ playbill preview               look at it
  $ playbill show lifecycle/start  one node, in the terminal`,
    );
  withPlaying(program.command('play'))
    .description('play the trees and write records/')
    .addHelpText(
      'after',
      `\nExamples:\n  $ playbill play\n  $ playbill play --trees docs/trees --json\n${EXITS}`,
    )
    .action(async (...given: Given<(typeof import('./play-command.ts'))['playCommand']>) =>
      (await import('./play-command.ts')).playCommand(...given),
    );
  withPlaying(program.command('build'))
    .description('play the trees, then build the site')
    .option('--out <folder>', 'where the site goes (default: site/)')
    .option('--base <path>', 'the path the site will be served under, for example /my-charm/')
    .addHelpText(
      'after',
      `\nExamples:\n  $ playbill build\n  $ playbill build --out public --base /pr-12/\n${EXITS}`,
    )
    .action(async (...given: Given<(typeof import('./build-command.ts'))['buildCommand']>) =>
      (await import('./build-command.ts')).buildCommand(...given),
    );
  program
    .command('show')
    .description('show a node: status, what changed, logs, calls, traceback')
    .argument('<node>', 'its id, as play prints it: lifecycle/ready')
    .option('--json', "the node's record as it is stored")
    .addHelpText('after', '\nExample:\n  $ playbill show lifecycle/ready')
    .action(async (...given: Given<(typeof import('./show-command.ts'))['showCommand']>) =>
      (await import('./show-command.ts')).showCommand(...given),
    );
  addFiles(program);
  addShell(program);
  addLibrary(program);
  addTransition(program);
  addPebble(program);
  program
    .command('preview')
    .description('serve the built site on this machine only')
    .option('--out <folder>', 'where the site is (default: site/)')
    .option('--port <number>', 'port on 127.0.0.1 (default: 4321)')
    .action(async (...given: Given<(typeof import('./preview-command.ts'))['previewCommand']>) =>
      (await import('./preview-command.ts')).previewCommand(...given),
    );
  program
    .command('schema')
    .description('print the JSON Schema of tree files, for editors, or of records')
    .argument('[what]', 'tree (default) or record')
    .addHelpText('after', '\nExample:\n  $ playbill schema > .playbill/tree.schema.json')
    .action(async (...given: Given<(typeof import('./schema-command.ts'))['schemaCommand']>) =>
      (await import('./schema-command.ts')).schemaCommand(...given),
    );
  return program;
}

/** The author's mistakes are printed without a stack; anything else is a bug of ours and crashes. */
function report(error: unknown): never {
  const mistakes =
    error instanceof Mistakes ? error.all : error instanceof Mistake ? [error] : null;
  if (!mistakes) throw error;
  for (const mistake of mistakes) console.error(printable(mistakeText(mistake)));
  process.exit(1);
}

await makeProgram().parseAsync().catch(report);

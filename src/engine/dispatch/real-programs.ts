/**
 * Programs that a container really runs: each in a sandbox of its own over the container's root as it is at that
 * moment of the trace, from its start to its end; whatever it left running is killed. One that does nothing any more,
 * or goes on for too long, is ended. What it did by a moment of the host's choosing is nobody's answer and is dropped.
 * A program is the host's where the container has none of that name.
 * Not modelled: a network, other users than root, terminals; the trace's clock, but for the times of files and `date`;
 * chance.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dir } from '../files/tree.ts';
import type { Sending } from '../model/dispatch.ts';
import type { Millis } from '../model/request.ts';
import type { Brought, Errand, Ran, RunErrand } from '../model/errand.ts';
import { openContainerSandbox, type ContainerSandbox } from './container-sandbox.ts';
import { broken, runIn, type Patience } from './real-run.ts';
import { openRootFolder, type RootFolder } from './root-folder.ts';

/** By what a program is waited for. */
export type Patiences = { readonly [Until in RunErrand['until']]: Patience };

const USUAL: Patiences = { end: { rest: 5000, all: 30_000 }, rest: { rest: 500, all: 5000 } };
const SILENT = { stdout: new Uint8Array(), stderr: new Uint8Array(), changes: {} };

/** Whether what a program did was done by then on any host. */
function isSettled(ran: Ran): boolean {
  return !('going' in ran) || ran.going.rest;
}

function dropped(why: string): Brought {
  return { kind: 'ran', ran: broken(why), ...SILENT };
}

/** Nothing is found out without a sandbox, so nothing is refused for not being there. */
function withoutSandbox(errand: Errand): Brought {
  if (errand.kind === 'run') return dropped('needs a sandbox');
  return { kind: 'found', path: errand.program };
}

type Opened = {
  readonly container: string;
  readonly root: Dir;
  readonly now: Millis;
  readonly sandbox: ContainerSandbox;
};

function isFor(opened: Opened, { container, root, now }: Omit<Opened, 'sandbox'>): boolean {
  return opened.container === container && opened.root === root && opened.now === now;
}

export class RealPrograms {
  private readonly roots = new Map<string, RootFolder>();
  private readonly folder: string;
  private readonly patiences: Patiences;
  /** One that a program was looked for in; it is run there, when nothing has changed meanwhile. */
  private opened: Opened | null = null;
  private cutShort = false;

  constructor(workFolder: string, patiences = USUAL) {
    this.folder = join(workFolder, 'containers');
    this.patiences = patiences;
    rmSync(this.folder, { recursive: true, force: true });
  }

  async send(errand: Errand, sending: Sending): Promise<Brought> {
    this.cutShort = false;
    try {
      const sandbox = await this.sandboxFor(errand, sending);
      if (errand.kind === 'run') return await this.run(sandbox, errand, sending);
      return { kind: 'found', path: await sandbox.find(errand.program, errand.path) };
    } catch (error) {
      this.rootOf(errand.container).forget();
      await this.closeSandbox();
      throw error;
    }
  }

  /** Ends what runs: nobody waits for it any more. */
  cut(): void {
    this.cutShort = true;
  }

  async close(): Promise<void> {
    this.cut();
    await this.closeSandbox();
    for (const root of this.roots.values()) root.clear();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private rootOf(container: string): RootFolder {
    const known = this.roots.get(container);
    if (known) return known;
    const made = openRootFolder(join(this.folder, container, 'root'));
    this.roots.set(container, made);
    return made;
  }

  private async closeSandbox(): Promise<void> {
    const { sandbox } = this.opened ?? {};
    this.opened = null;
    await sandbox?.close();
  }

  private async sandboxFor(
    { container, root, now }: Errand,
    { blobs, limits }: Sending,
  ): Promise<ContainerSandbox> {
    const { opened } = this;
    const asked = { container, root, now };
    if (opened && isFor(opened, asked)) return opened.sandbox;
    await this.closeSandbox();
    const own = this.rootOf(container);
    own.fill(root, blobs);
    const workFolder = join(this.folder, container, 'work');
    rmSync(workFolder, { recursive: true, force: true });
    mkdirSync(workFolder, { recursive: true });
    const { memory, processes } = limits;
    const sandbox = await openContainerSandbox({
      root: own.path,
      workFolder,
      limits: { memory, processes },
      now,
    });
    this.opened = { ...asked, sandbox };
    return sandbox;
  }

  private async run(
    sandbox: ContainerSandbox,
    errand: RunErrand,
    { blobs, limits }: Sending,
  ): Promise<Brought> {
    const own = this.rootOf(errand.container);
    const before = own.scan();
    const patience = this.patiences[errand.until];
    const ended = await runIn(sandbox, errand, { limits, patience, cut: () => this.cutShort });
    await this.closeSandbox();
    const { owner, now } = errand;
    const making = { owner, now, bytes: limits.files };
    const changes = isSettled(ended.ran) ? own.changes(before, making, blobs) : null;
    if (changes) return { kind: 'ran', ...ended, changes };
    own.forget();
    return isSettled(ended.ran)
      ? dropped(`leaves more than ${limits.files} bytes of files`)
      : { kind: 'ran', ran: ended.ran, ...SILENT };
  }
}

/** What sends the host for programs; without a sandbox none is run. */
export function openRealPrograms(
  workFolder: string,
  { sandboxed }: { sandboxed: boolean },
): Pick<RealPrograms, 'send' | 'cut' | 'close'> {
  const programs = sandboxed ? new RealPrograms(workFolder) : null;
  return {
    send: async (errand, sending) => programs?.send(errand, sending) ?? withoutSandbox(errand),
    cut: () => programs?.cut(),
    close: async () => programs?.close(),
  };
}

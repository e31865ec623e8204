/**
 * A container whose programs are really run, in a sandbox of its own: what is done around each request so that Pebble
 * and programs see the same files.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { castDraft } from 'immer';
import {
  openContainerSandbox,
  type ContainerSandbox,
} from '../../src/engine/dispatch/container-sandbox.ts';
import { emptyDir } from '../../src/engine/files/edit.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import type { HttpRequest, Reply } from '../../src/engine/model/request.ts';
import { PATH } from '../../src/engine/world/pebble/exec-rules.ts';
import { planOfContainer } from '../../src/engine/world/pebble/layer-list.ts';
import { endpointOf } from '../../src/engine/world/pebble/request-url.ts';
import { object, type Entry } from '../../src/engine/world/pebble/plan.ts';
import type { CheckFinding, Container } from '../../src/engine/world/pebble/slice.ts';
import { pageFinding } from './findings.ts';
import { listensIn, pageIn, placeOf } from './live-network.ts';
import { commandFinding } from './live-checks.ts';
import { LiveFiles, type PassingBlobs } from './live-files.ts';
import { LIVE_PROGRAM, LIVE_RULE, LivePrograms } from './live-programs.ts';
import type { WallClockPebble } from './wall-clock.ts';

/** Where it matters what programs have made of the files. */
const LOOK_AT_FILES = ['/v1/files', '/v1/exec'];

type Send = ConstructorParameters<typeof LivePrograms>[1]['send'];
type Folders = { readonly root: string; readonly workFolder: string; remove(): void };

function folders(): Folders {
  const base = mkdtempSync(join(tmpdir(), 'playbill-container-'));
  const [root, workFolder] = [join(base, 'root'), join(base, 'work')];
  mkdirSync(root);
  mkdirSync(workFolder);
  return { root, workFolder, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** The program that is to be executed, or null. */
function programIn({ method, body }: HttpRequest): string | null {
  if (method !== 'POST') return null;
  try {
    const { command } = JSON.parse(new TextDecoder().decode(body)) as { command: unknown };
    const [program] = Array.isArray(command) ? (command as unknown[]) : [];
    return typeof program === 'string' ? program : null;
  } catch {
    return null;
  }
}

export class Live {
  private readonly sandbox: ContainerSandbox;
  private readonly files: LiveFiles;
  private readonly blobs: PassingBlobs;
  private readonly made: Folders;
  private programs: LivePrograms | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(sandbox: ContainerSandbox, blobs: PassingBlobs, made: Folders) {
    this.sandbox = sandbox;
    this.files = new LiveFiles(sandbox, blobs);
    this.blobs = blobs;
    this.made = made;
  }

  /** Throws a Mistake when this host does not let a sandbox be made. */
  static async open({ root }: Container, blobs: PassingBlobs): Promise<Live> {
    const made = folders();
    try {
      const live = new Live(await openContainerSandbox(made), blobs, made);
      await live.files.push(emptyDir(), root);
      live.files.forget(root);
      return live;
    } catch (error) {
      made.remove();
      throw error;
    }
  }

  get rungs(): readonly string[] {
    return this.sandbox.rungs;
  }

  /** Does what has come to be wanted of programs. `send` answers how many bytes wait to be sent. */
  follow(pebble: WallClockPebble, send: Send): void {
    this.programs ??= new LivePrograms(this.sandbox, { send });
    this.programs.follow(pebble);
  }

  /** The container in which everything is really run. */
  prepared(container: Container): Container {
    const names = Object.keys(planOfContainer(container).services);
    const programs = Object.fromEntries(names.map((name) => [name, LIVE_PROGRAM]));
    return { ...container, programs, execs: [LIVE_RULE] };
  }

  /** Performs a check in the container; null where nobody in it answers. */
  async check(check: Entry, container: Container): Promise<CheckFinding | null> {
    if (object(check, 'exec')) {
      return await commandFinding(this.sandbox, check, { container, blobs: this.blobs });
    }
    const place = placeOf(check);
    if (!place || !(await listensIn(this.sandbox, place))) return null;
    const http = object(check, 'http');
    return http ? await pageFinding(http, (page) => pageIn(this.sandbox, page)) : { found: 'up' };
  }

  /** One request after the other: each finds the files as the one before left them. */
  ask(pebble: WallClockPebble, request: HttpRequest): Promise<Reply> {
    const replied = this.turn.then(() => this.answer(pebble, request));
    this.turn = replied.catch(() => undefined);
    return replied.then(({ reply }) => reply);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    this.made.remove();
  }

  private async answer(
    pebble: WallClockPebble,
    request: HttpRequest,
  ): Promise<{ reply: Promise<Reply> }> {
    const { path, query } = endpointOf(request.url);
    if (this.programs?.any && LOOK_AT_FILES.includes(path)) await this.pull(pebble);
    const reads = path === '/v1/files' && query.get('action') === 'read';
    await this.files.fetch(pebble.container.root, reads ? query.getAll('path') : []);
    if (path === '/v1/exec') await this.seek(pebble, programIn(request));
    const before = pebble.container.root;
    const reply = pebble.ask(request);
    await this.push(pebble, before);
    this.files.forget(pebble.container.root);
    // The reply itself may have to be waited for, and others need not wait for it.
    return { reply };
  }

  private async pull(pebble: WallClockPebble): Promise<void> {
    const root = await this.files.pull(pebble.container.root);
    pebble.change((container) => void (container.root = castDraft(root)));
  }

  private async push(pebble: WallClockPebble, before: Dir): Promise<void> {
    try {
      await this.files.push(before, pebble.container.root);
    } catch (error) {
      console.error(`The container's files: ${(error as Error).message}`);
      await this.pull(pebble);
    }
  }

  private async seek(pebble: WallClockPebble, program: string | null): Promise<void> {
    if (program === null || program.includes('\0')) return;
    const path = await this.sandbox.find(program, PATH);
    pebble.change((container) => void (container.sought = { program, path }));
  }
}

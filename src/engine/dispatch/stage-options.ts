/** What a stage is opened with. Paths are the host's; none of them reaches a record. */
import type { Server } from 'node:net';
import type { PreparedCharm } from '../model/prepared.ts';

export type StageOptions = {
  readonly prepared: PreparedCharm;
  readonly unit: string;
  /** A folder of this stage's own: sockets and mount points; nothing in it outlives the stage. */
  readonly workFolder: string;
  /**
   * `namespaces`: a machine of the charm's own; where the host allows none, as `confined`: the host's files, read-only
   * but for the charm's own folders. `none`: nothing is kept from the charm.
   */
  readonly sandbox: 'namespaces' | 'confined' | 'none';
  /** Programs that change machines: they ask the engine, under whatever path they are called. */
  readonly machineCommands: readonly string[];
  readonly containers: readonly string[];
  /** Where the charm's storage may come to lie, outside of Juju's own folder. */
  readonly locations?: readonly string[];
  /** Listens for the terminal of a shell (`Job.terminal`), and is closed with the stage. */
  readonly terminal?: Server;
  /** The project's loader.py, imported before a Python charm's own module. */
  readonly loader?: string;
  /** A folder of the project's programs: on PATH before the host's, and over hook commands. */
  readonly commands?: string;
  /**
   * Starts a new interpreter for each event of a Python charm, as Juju does, in place of a fork.
   */
  readonly freshInterpreter?: boolean;
  /**
   * Makes do, on any host, with what a poor one has: no layers for ordinary users (before Linux
   * 6.6), no perl.
   */
  readonly lowerRungs?: boolean;
};

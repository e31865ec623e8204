/** The machine's programs that are simulated, by name, each a function of the machine's state. */
import type { Program } from './program.ts';
import { systemctl } from './systemctl.ts';

export const PROGRAMS: Readonly<Record<string, Program>> = {
  systemctl,
};

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Machine } from './unit-machine.ts';

const UNITS = ['a', 'b', 'tpl@x'] as const;
const VERBS = [
  'start',
  'stop',
  'restart',
  'enable',
  'disable',
  'mask',
  'unmask',
  'reset-failed',
  'kill',
  'try-restart',
] as const;
const INSTALL = '[Install]\nWantedBy=multi-user.target\n';

function machine(): Machine {
  const made = new Machine({ unitPrograms: { 'b.service': { exits: 1, after: 2000 } } });
  const lib = '/usr/lib/systemd/system';
  made.write(
    `${lib}/a.service`,
    `[Unit]\nRequires=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/sleep 1\n${INSTALL}`,
  );
  made.write(`${lib}/b.service`, `[Service]\nExecStart=/bin/sleep 2\n${INSTALL}`);
  made.write(`${lib}/tpl@.service`, `[Service]\nExecStart=/bin/sleep %i\n${INSTALL}`);
  return made;
}

/** Of files and links. */
function paths(made: Machine): readonly string[] {
  return [...made.files.keys()].filter((path) => made.files.get(path)?.kind !== 'dir').sort();
}

const step = fc.record({
  verb: fc.constantFrom(...VERBS),
  unit: fc.constantFrom(...UNITS),
  wait: fc.constantFrom(0, 1000, 3000),
});

describe('whatever is asked of systemctl', () => {
  it('leaves one process for each unit that runs, and its number in its unit', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const made = machine();
        for (const { verb, unit, wait } of steps) {
          made.sh(`systemctl ${verb} ${unit}`);
          made.pass(wait);
        }
        const running = Object.entries(made.slice.units ?? {})
          .filter(([, { sub }]) => sub === 'running')
          .map(([name, { mainPid }]) => [String(mainPid), name]);
        const processes = Object.entries(made.slice.processes ?? {}).map(([pid, { unit }]) => [
          pid,
          unit,
        ]);
        expect(processes.sort()).toEqual(running.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('answers is-active and is-enabled as show does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), fc.constantFrom(...UNITS), (steps, unit) => {
        const made = machine();
        for (const { verb, unit: one } of steps) made.sh(`systemctl ${verb} ${one}`);
        const shown = (key: string): string =>
          made.sh(`systemctl show -p ${key} --value ${unit}`).out;
        const active = made.sh(`systemctl is-active ${unit}`);
        expect(active.out).toBe(shown('ActiveState'));
        expect(active.code === 0).toBe(active.out === 'active\n');
        expect(made.sh(`systemctl is-enabled ${unit}`).out).toBe(shown('UnitFileState'));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['enable', 'disable'],
    ['mask', 'unmask'],
  ])('%s and %s leave the files as they were', (one, other) => {
    for (const unit of UNITS) {
      const made = machine();
      const before = paths(made);
      expect(made.sh(`systemctl ${one} ${unit}`).code).toBe(0);
      expect(paths(made)).not.toEqual(before);
      expect(made.sh(`systemctl ${other} ${unit}`).code).toBe(0);
      expect(paths(made)).toEqual(before);
    }
  });
});

describe('a process that is sent a signal', () => {
  it.each([
    ['HUP', 'active', ['SIGHUP']],
    ['USR1', 'active', ['SIGUSR1']],
    ['TERM', 'inactive', undefined],
    ['KILL', 'failed', undefined],
    ['SEGV', 'failed', undefined],
  ])('SIG%s leaves its unit %s', (signal, active, signals) => {
    const made = machine();
    made.sh('systemctl enable --now tpl@x');
    const pid = made.sh('systemctl show -p MainPID --value tpl@x').out.trim();
    expect(made.sh(`systemctl kill -s ${signal} tpl@x`).code).toBe(0);
    expect(made.sh('systemctl is-active tpl@x').out).toBe(`${active}\n`);
    expect(made.slice.processes?.[pid]?.signals).toEqual(signals);
  });
});

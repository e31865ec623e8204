/** open-port, close-port and opened-ports. Source: juju jujuc/ports.go, context/ports.go, core/network/portrange.go. */
import { describe, expect, it } from 'vitest';
import { commitProblems } from '../../src/engine/world/juju/commit.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { hook, table, type Hook } from './rows.ts';
import { CHARM, UNIT } from './unit.ts';

const POD: JujuSlice = { ...UNIT, model: { ...UNIT.model, type: 'kubernetes' } };
const NUMBER = (text: string): string =>
  `ERROR invalid port "${text}": strconv.Atoi: parsing "${text}": invalid syntax\n`;
const FORMAT = '--format flag deprecated for command';

table('open-port', [
  ['says nothing', 'open-port 80', [0, '', '']],
  ['wants a port', 'open-port', [2, '', 'ERROR no port or range specified\n']],
  ['refuses a word', 'open-port http', [2, '', NUMBER('http')]],
  ['refuses half a range', 'open-port 80-', [2, '', NUMBER('')]],
  ['refuses a negative port', ['open-port', '--', '-1'], [2, '', NUMBER('')]],
  ['refuses three ports', 'open-port 1-2-3', [2, '', 'ERROR invalid port range "1-2-3"\n']],
  [
    'refuses a number that is none of Go’s',
    'open-port 99999999999999999999',
    [
      2,
      '',
      'ERROR invalid port "99999999999999999999": strconv.Atoi: parsing "99999999999999999999": value out of range\n',
    ],
  ],
  [
    'refuses another protocol',
    'open-port 80/SCTP',
    [2, '', 'ERROR invalid protocol "sctp", expected "tcp", "udp", or "icmp"\n'],
  ],
  [
    'refuses a protocol with a slash',
    'open-port 80/tcp/x',
    [2, '', 'ERROR invalid protocol "tcp/x", expected "tcp", "udp", or "icmp"\n'],
  ],
  [
    'refuses ports of icmp',
    'open-port 80/icmp',
    [2, '', 'ERROR protocol "icmp" doesn\'t support any ports; got "80"\n'],
  ],
  ['refuses a range upside down', 'open-port 9-1', [2, '', 'ERROR invalid port range 9-1/tcp\n']],
  [
    'refuses ports past 65535',
    'open-port 0-70000',
    [2, '', 'ERROR port range bounds must be between 0 and 65535, got 0-70000\n'],
  ],
  ['takes one word', 'open-port 80 81', [2, '', 'ERROR unrecognized args: ["81"]\n']],
  ['warns of --format', 'open-port --format=json 80', [0, '', `${FORMAT} "open-port"`]],
  [
    'refuses a range on Kubernetes',
    'open-port 80-90',
    [
      1,
      '',
      'ERROR port ranges are not supported for k8s applications, please specify a single port\n',
    ],
    { unit: POD },
  ],
  ['takes a single port on Kubernetes', 'open-port 80-80', [0, '', ''], { unit: POD }],
]);

table('close-port', [
  ['says nothing', 'close-port 80', [0, '', '']],
  ['wants a port', 'close-port', [2, '', 'ERROR no port or range specified\n']],
  ['refuses a word', 'close-port http', [2, '', NUMBER('http')]],
  ['warns of --format', 'close-port --format=json 80', [0, '', `${FORMAT} "close-port"`]],
  [
    'refuses a range on Kubernetes',
    'close-port 80-90',
    [
      1,
      '',
      'ERROR port ranges are not supported for k8s applications, please specify a single port\n',
    ],
    { unit: POD },
  ],
]);

const several = {
  unit: {
    ...UNIT,
    ports: { '8080-8088/udp': [], '90/tcp': ['db'], '9/tcp': ['replicas', 'db'], icmp: [] },
  },
};
table('opened-ports', [
  ['prints nothing when none is open', 'opened-ports', [0, '', '']],
  ['has an empty list', 'opened-ports --format=json', [0, '[]\n', '']],
  [
    'sorts by protocol and number',
    'opened-ports',
    [0, 'icmp\n9/tcp\n90/tcp\n8080-8088/udp\n', ''],
    several,
  ],
  [
    'prints json',
    'opened-ports --format=json',
    [0, '["icmp","9/tcp","90/tcp","8080-8088/udp"]\n', ''],
    several,
  ],
  [
    'prints yaml',
    'opened-ports --format=yaml',
    [0, '- icmp\n- 9/tcp\n- 90/tcp\n- 8080-8088/udp\n', ''],
    several,
  ],
  [
    'tells endpoints',
    'opened-ports --endpoints',
    [0, 'icmp (*)\n9/tcp (db, replicas)\n90/tcp (db)\n8080-8088/udp (*)\n', ''],
    several,
  ],
  ['takes no word', 'opened-ports x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

function ran(unit: JujuSlice, ...commands: readonly string[]): Hook {
  const inHook = hook(unit);
  for (const command of commands) expect(inHook.run(command)).toEqual([0, '', '']);
  return inHook;
}
const WITH_80 = { ...UNIT, ports: { '80/tcp': [] } };

describe('ports', () => {
  it('open when the hook ends well', () => {
    const { seen, kept } = ran(UNIT, 'open-port 8080', 'open-port 53/UDP', 'open-port ICMP');
    expect(seen.ports).toEqual({ '8080/tcp': [], '53/udp': [], icmp: [] });
    expect(kept.ports).toEqual({});
  });

  it('close when the hook ends well', () => {
    const { seen, kept } = ran(WITH_80, 'close-port 80/tcp');
    expect(seen.ports).toEqual({});
    expect(kept.ports).toEqual({ '80/tcp': [] });
  });

  it('are read back within the hook', () => {
    const inHook = ran(WITH_80, 'open-port 8080', 'close-port 80');
    expect(inHook.run('opened-ports')[1]).toBe('8080/tcp\n');
  });

  it.each<[string, JujuSlice['ports'], readonly string[], JujuSlice['ports']]>([
    ['opened twice are open', {}, ['open-port 80', 'open-port 80/tcp'], { '80/tcp': [] }],
    ['opened and closed are as before', {}, ['open-port 80', 'close-port 80'], {}],
    [
      'closed and opened stay open',
      { '80/tcp': [] },
      ['close-port 80', 'open-port 80'],
      { '80/tcp': [] },
    ],
    ['closed that are not open are no matter', {}, ['close-port 80'], {}],
    [
      'of two protocols do not meet',
      {},
      ['open-port 80/tcp', 'open-port 80/udp'],
      { '80/tcp': [], '80/udp': [] },
    ],
    [
      'open for endpoints',
      {},
      ['open-port --endpoints=db,replicas 80'],
      { '80/tcp': ['db', 'replicas'] },
    ],
    [
      'open for another endpoint too',
      { '80/tcp': ['db'] },
      ['open-port --endpoints replicas 80'],
      { '80/tcp': ['db', 'replicas'] },
    ],
    ['open for all swallow endpoints', { '80/tcp': ['db'] }, ['open-port 80'], { '80/tcp': [] }],
    [
      'closed for one of two stay for the other',
      { '80/tcp': ['db', 'replicas'] },
      ['close-port --endpoints db 80'],
      { '80/tcp': ['replicas'] },
    ],
    [
      'closed for the last endpoint are closed',
      { '80/tcp': ['db'] },
      ['close-port --endpoints db 80'],
      {},
    ],
    ['closed for all are closed for endpoints', { '80/tcp': ['db'] }, ['close-port 80'], {}],
    [
      'open for all and closed for one stay open for the others by name',
      { '80/tcp': [] },
      ['close-port --endpoints=db 80'],
      { '80/tcp': ['admin', 'replicas'] },
    ],
  ])('%s', (_title, ports, commands, expected) => {
    expect(ran({ ...UNIT, ports }, ...commands).seen.ports).toEqual(expected);
  });

  it('that are open for all stay so in the hook that closes one endpoint', () => {
    const inHook = ran(WITH_80, 'close-port --endpoints=db 80');
    expect(inHook.run('opened-ports --endpoints')[1]).toBe('80/tcp (*)\n');
  });

  it.each([
    [
      'with what is open',
      WITH_80,
      'open-port 70-90',
      'cannot open 70-90/tcp (unit "web/0"): port range conflicts with 80/tcp (unit "web/0")',
    ],
    [
      'when a part of a range is closed',
      { ...UNIT, ports: { '80-90/tcp': [] } },
      'close-port 80',
      'cannot close 80/tcp (unit "web/0"): port range conflicts with 80-90/tcp (unit "web/0")',
    ],
    [
      'with another unit on the machine',
      { ...UNIT, otherPorts: { 'db/0': ['80/tcp'] } },
      'open-port 80',
      'cannot open 80/tcp (unit "web/0"): port range conflicts with 80/tcp (unit "db/0")',
    ],
    [
      'when another unit’s is closed',
      { ...UNIT, otherPorts: { 'db/0': ['80/tcp'] } },
      'close-port 80',
      'cannot close 80/tcp (unit "web/0"): port range conflicts with 80/tcp (unit "db/0")',
    ],
  ])('conflict %s', (_title, unit, command, message) => {
    const inHook = hook(unit);
    expect(inHook.run(command)).toEqual([1, '', `ERROR ${message}\n`]);
    expect(inHook.seen.ports).toEqual(unit.ports);
  });

  it('conflict with what the hook asked for earlier', () => {
    const conflict = 'port range conflicts with 80-90/tcp (unit "web/0") requested earlier';
    const opening = ran(UNIT, 'open-port 80-90');
    expect(opening.run('open-port 85')[2]).toBe(
      `ERROR cannot open 85/tcp (unit "web/0"): ${conflict}\n`,
    );
    const closing = ran({ ...UNIT, ports: { '80-90/tcp': [] } }, 'close-port 80-90');
    expect(closing.run('close-port 85')[2]).toBe(
      `ERROR cannot close 85/tcp (unit "web/0"): ${conflict}\n`,
    );
  });

  it('that are closed in vain are not remembered', () => {
    const inHook = ran(UNIT, 'close-port 80-90', 'close-port 85', 'open-port 85');
    expect(inHook.seen.ports).toEqual({ '85/tcp': [] });
  });

  it('of the endpoints before one that conflicts stay asked for', () => {
    const unit = { ...UNIT, ports: { '80-90/tcp': ['db'] } };
    const inHook = hook(unit);
    expect(inHook.run('open-port --endpoints replicas,db 80-90')[0]).toBe(0);
    expect(inHook.seen.ports).toEqual({ '80-90/tcp': ['db', 'replicas'] });
  });

  it('do not conflict with other units on Kubernetes', () => {
    const unit = { ...POD, otherPorts: { 'db/0': ['80/tcp'] }, ports: { '80/tcp': [] } };
    expect(ran(unit, 'open-port 80', 'open-port 81').seen.ports).toEqual({
      '80/tcp': [],
      '81/tcp': [],
    });
    expect(ran(unit, 'close-port --endpoints db 80').seen.ports).toEqual({ '80/tcp': [] });
  });

  it('for an endpoint that the charm has not are refused when the hook has ended', () => {
    const known = ran(UNIT, `open-port --endpoints ${CHARM.extraBindings[0]} 80`);
    expect(commitProblems(known.kept, known.seen, CHARM)).toEqual([]);
    const unknown = ran(UNIT, 'open-port --endpoints nope 80');
    const why =
      'cannot open/close ports: open port range: endpoint "nope" for unit "web/0" not found';
    expect(commitProblems(unknown.kept, unknown.seen, CHARM)).toEqual([
      { message: `cannot apply changes: ${why}`, by: 'transaction' },
    ]);
  });
});

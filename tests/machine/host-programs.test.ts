import { describe, expect, it } from 'vitest';
import { Machine } from './unit-machine.ts';

describe('ufw', () => {
  it('keeps rules, tells them and opens nothing', () => {
    const machine = new Machine();
    expect(machine.sh('ufw status').out).toBe('Status: inactive\n');
    expect(machine.sh('ufw allow 80/tcp').out).toBe('Rules updated\nRules updated (v6)\n');
    expect(machine.sh('ufw --force enable').out).toBe(
      'Firewall is active and enabled on system startup\n',
    );
    expect(machine.sh('ufw allow 80/tcp').out).toBe(
      'Skipping adding existing rule\nSkipping adding existing rule (v6)\n',
    );
    expect(machine.sh('ufw allow from 10.0.0.0/8 to any port 5432 proto tcp').out).toBe(
      'Rule added\n',
    );
    expect(
      machine
        .sh('ufw status')
        .out.split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual([
      'Status: active',
      '',
      'To                         Action      From',
      '--                         ------      ----',
      '80/tcp                     ALLOW       Anywhere',
      '5432/tcp                   ALLOW       10.0.0.0/8',
      '80/tcp (v6)                ALLOW       Anywhere (v6)',
      '',
      '',
    ]);
    expect(machine.sh('ufw delete allow 80/tcp').out).toBe('Rule deleted\nRule deleted (v6)\n');
    expect(machine.sh('ufw delete allow 81').out).toBe(
      'Could not delete non-existent rule\nCould not delete non-existent rule (v6)\n',
    );
    expect(machine.sh('ufw disable').out).toBe('Firewall stopped and disabled on system startup\n');
  });

  it.each([
    ['ufw allow 70000', 1, 'ERROR: Bad port\n'],
    ['ufw allow', 1, 'ERROR: Wrong number of arguments\n'],
    ['ufw frobnicate', 1, 'ERROR: Invalid syntax\n'],
    ['ufw allow 80,81', 1, "ERROR: Must specify 'tcp' or 'udp' with multiple ports\n"],
    ['ufw route allow in on eth0', -1, 'ufw route allow in on eth0'],
  ])('refuses %s', (line, code, err) => {
    expect(new Machine().sh(line)).toEqual({ code, out: '', err });
  });

  it('asks before it is enabled, and needs root', () => {
    expect(new Machine().sh('ufw enable', { stdin: 'n\n' }).out).toMatch(/Aborted\n$/);
    expect(new Machine().sh('ufw enable', { stdin: 'y\n' }).out).toMatch(/is active/);
    expect(new Machine().sh('ufw status', { user: 1000 })).toEqual({
      code: 1,
      out: '',
      err: 'ERROR: You need to be root to run this script\n',
    });
  });
});

describe('sysctl', () => {
  it.each([
    ['sysctl vm.swappiness', 0, 'vm.swappiness = 60\n', ''],
    ['sysctl -n vm.swappiness', 0, '60\n', ''],
    ['sysctl -b vm.swappiness', 0, '60', ''],
    ['sysctl vm/swappiness', 0, 'vm.swappiness = 60\n', ''],
    ['sysctl -w vm.swappiness=10', 0, 'vm.swappiness = 10\n', ''],
    ['sysctl -q -w vm.swappiness=10', 0, '', ''],
    ['sysctl -w vm.swappiness', 1, '', 'sysctl: command line(0): invalid syntax, continuing...\n'],
    ['sysctl nope.a', 1, '', 'sysctl: cannot stat /proc/sys/nope/a: No such file or directory\n'],
    ['sysctl -e nope.a', 0, '', ''],
    ['sysctl -p /nosuch', 1, '', 'sysctl: cannot open "/nosuch": No such file or directory\n'],
    ['sysctl vm.what_is_this', -1, '', 'sysctl vm.what_is_this'],
  ])('%s', (line, code, out, err) => {
    expect(new Machine().sh(line)).toEqual({ code, out, err });
  });

  it('keeps what was set, and reads files', () => {
    const machine = new Machine();
    machine.write('/etc/sysctl.d/90-a.conf', '# c\nvm.swappiness = 33\n-nope.b = 5\nbad line\n');
    expect(machine.sh('sysctl -p /etc/sysctl.d/90-a.conf')).toEqual({
      code: 0,
      out: 'vm.swappiness = 33\n',
      err: 'sysctl: /etc/sysctl.d/90-a.conf(4): invalid syntax, continuing...\n',
    });
    expect(machine.sh('sysctl -n vm.swappiness').out).toBe('33\n');
    expect(machine.sh('sysctl --system').out).toMatch(/Applying \/etc\/sysctl.d\/90-a.conf/);
    expect(machine.sh('sysctl -w vm.swappiness=1', { user: 1000 }).err).toBe(
      'sysctl: permission denied on key "vm.swappiness"\n',
    );
  });
});

describe('names', () => {
  it('are the unit’s until they are set', () => {
    const machine = new Machine();
    expect(machine.sh('hostname').out).toBe('app-0\n');
    expect(machine.sh('hostnamectl set-hostname box.example').code).toBe(0);
    expect(machine.text('/etc/hostname')).toBe('box.example\n');
    expect(machine.sh('hostname').out).toBe('box.example\n');
    expect(machine.sh('hostname -s').out).toBe('box\n');
    expect(machine.sh('hostname -d').out).toBe('example\n');
    expect(machine.sh('hostnamectl').out).toMatch(/Static hostname: box.example\n/);
  });

  it('are those of time zones that are there', () => {
    const machine = new Machine();
    machine.write('/usr/share/zoneinfo/Europe/Vienna', 'TZif');
    expect(machine.sh('timedatectl set-timezone Europe/Vienna').code).toBe(0);
    expect(machine.sh('timedatectl show -p Timezone --value').out).toBe('Europe/Vienna\n');
    expect(machine.text('/etc/timezone')).toBe('Europe/Vienna\n');
    expect(machine.sh('timedatectl set-timezone No/Where').err).toMatch(/Invalid or not installed/);
  });
});

describe('crontab', () => {
  it('keeps a table for each user', () => {
    const machine = new Machine();
    machine.write('/etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/srv/app:/bin/sh\n');
    expect(machine.sh('crontab -l')).toEqual({ code: 1, out: '', err: 'no crontab for root\n' });
    const table = '# daily\nMAILTO=x\n0 3 * * * /bin/true\n@reboot app\n';
    expect(machine.sh('crontab -u app -', { stdin: table }).code).toBe(0);
    expect(machine.sh('crontab -l -u app').out).toBe(table);
    expect(machine.sh('crontab -', { stdin: '* * nope\n' }).err).toMatch(/errors in crontab file/);
    expect(machine.sh('crontab -r -u app').code).toBe(0);
    expect(machine.sh('crontab -l -u app').code).toBe(1);
    expect(machine.sh('crontab -u nobody -l').err).toBe("crontab:  user `nobody' unknown\n");
  });
});

describe('update-ca-certificates', () => {
  it('links what the administrator added, and bundles it', () => {
    const machine = new Machine();
    machine.write('/usr/local/share/ca-certificates/my ca.crt', 'PEM');
    expect(machine.sh('update-ca-certificates').out).toMatch(/\n1 added, 0 removed; done.\n/);
    expect(machine.files.get('/etc/ssl/certs/my_ca.pem')).toEqual({
      kind: 'link',
      target: '/usr/local/share/ca-certificates/my ca.crt',
    });
    expect(machine.text('/etc/ssl/certs/ca-certificates.crt')).toMatch(/PEM\n$/);
    expect(machine.sh('update-ca-certificates').out).toMatch(/\n0 added, 0 removed; done.\n/);
    machine.files.delete('/usr/local/share/ca-certificates/my ca.crt');
    expect(machine.sh('update-ca-certificates').out).toMatch(/\n0 added, 1 removed; done.\n/);
    expect(machine.text('/etc/ssl/certs/ca-certificates.crt')).not.toMatch(/PEM/);
  });
});

describe('service', () => {
  it('is systemctl by another name', () => {
    const machine = new Machine();
    machine.write('/etc/init.d/cron', '#!/bin/sh\n', 0o755);
    machine.write('/usr/sbin/cron', '#!', 0o755);
    expect(machine.sh('service cron status').code).toBe(0);
    expect(machine.sh('service cron stop')).toEqual({ code: 0, out: '', err: '' });
    expect(machine.sh('systemctl is-active cron').out).toBe('inactive\n');
    expect(machine.sh('service --status-all').out).toBe(' [ - ]  cron\n');
    expect(machine.sh('service cron restart').code).toBe(0);
    expect(machine.sh('service --status-all').out).toBe(' [ + ]  cron\n');
    expect(machine.sh('service nope start').err).toBe(
      'Failed to start nope.service: Unit nope.service not found.\n',
    );
    expect(machine.sh('service nope frob').err).toBe('nope: unrecognized service\n');
  });
});

describe('ss', () => {
  it('shows what simulated processes listen on', () => {
    const machine = new Machine({ unitPrograms: { 'app.service': { listens: ['8888/tcp'] } } });
    machine.write('/etc/systemd/system/app.service', '[Service]\nExecStart=/bin/sleep 9\n');
    machine.sh('systemctl start app');
    expect(machine.sh('ss -ltnH').out).toMatch(/^LISTEN 0 4096 0.0.0.0:8888 0.0.0.0:\*/);
    expect(machine.sh('ss -a').code).toBe(-1);
  });
});

describe('a service that needs a text in a file', () => {
  it('starts once it is there, and is told to reload only then', () => {
    const unitPrograms = {
      'app.service': { needs: { '/etc/app.conf': 'port=' }, slow: 3000, pidFile: '/run/app.pid' },
    };
    const machine = new Machine({ unitPrograms });
    const unit =
      '[Service]\nType=notify\nExecStart=/bin/sleep 9\nExecReload=/bin/kill -HUP $MAINPID\n';
    machine.write('/etc/systemd/system/app.service', unit);
    machine.write('/bin/kill', '#!', 0o755);
    expect(machine.sh('systemctl start app').code).toBe(1);
    expect(machine.sh('systemctl is-failed app').out).toBe('failed\n');
    machine.write('/etc/app.conf', 'port=1\n');
    expect(machine.sh('systemctl start app').code).toBe(0);
    const pid = machine.sh('systemctl show -p MainPID --value app').out.trim();
    expect(machine.text('/run/app.pid')).toBe(`${pid}\n`);
    expect(machine.sh('systemctl reload app').code).toBe(0);
    expect(machine.slice.processes?.[pid]?.signals).toEqual(['SIGHUP']);
    machine.write('/etc/app.conf', '');
    expect(machine.sh('systemctl reload app')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Job for app.service failed.\n/),
    });
    const before = machine.now;
    expect(machine.sh('systemctl stop app').code).toBe(0);
    expect(machine.now - before).toBe(3000);
    expect(machine.text('/run/app.pid')).toBeNull();
    expect(machine.slice.processes).toEqual({});
  });
});

describe('uname', () => {
  it.each([
    ['uname', 'Linux\n'],
    ['uname -m', 'x86_64\n'],
    ['uname -rn', 'app-0 6.8.0-41-generic\n'],
    ['uname --processor -i', 'x86_64 x86_64\n'],
    [
      'uname -a',
      'Linux app-0 6.8.0-41-generic #41-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug  2 20:41:06 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux\n',
    ],
  ])('%s tells of the machine, not of the host', (line, out) => {
    const machine = new Machine({ base: 'ubuntu@24.04' });
    expect(machine.sh(line)).toEqual({ code: 0, out, err: '' });
  });

  it('tells the kernel of the release, and the name that the machine was given', () => {
    const machine = new Machine();
    machine.sh('hostname web-1');
    expect(machine.sh('uname -nr').out).toBe('web-1 5.15.0-119-generic\n');
  });

  it.each([
    ['uname x', "uname: extra operand 'x'\nTry 'uname --help' for more information.\n"],
    ['uname -z', "uname: invalid option -- 'z'\nTry 'uname --help' for more information.\n"],
  ])('%s is refused', (line, err) => {
    expect(new Machine().sh(line)).toEqual({ code: 1, out: '', err });
  });
});

describe('jujud', () => {
  const machine = new Machine({}, { app: 'app', unit: 0, version: '3.6.14' });

  it('tells the version, as charm-helpers asks it', () => {
    const said = { code: 0, out: '3.6.14-ubuntu-amd64\n', err: '' };
    expect(machine.sh('jujud version')).toEqual(said);
  });

  it('is refused for anything else', () => {
    expect(machine.sh('jujud machine').err).toBe('jujud machine');
  });
});

describe('lsb_release', () => {
  const machine = new Machine();
  machine.write(
    '/etc/lsb-release',
    'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\nDISTRIB_DESCRIPTION="Ubuntu 22.04.5 LTS"\n',
  );
  const none = 'No LSB modules are available.\n';

  it.each([
    ['lsb_release -cs', 'jammy\n', ''],
    ['lsb_release -s -d', 'Ubuntu 22.04.5 LTS\n', ''],
    ['lsb_release --release', 'Release:\t22.04\n', ''],
    ['lsb_release', '', none],
    [
      'lsb_release -a',
      'Distributor ID:\tUbuntu\nDescription:\tUbuntu 22.04.5 LTS\nRelease:\t22.04\nCodename:\tjammy\n',
      none,
    ],
  ])('%s', (line, out, err) => {
    expect(machine.sh(line)).toEqual({ code: 0, out, err });
  });
});

describe('programs that tell of the computer', () => {
  const at = (line: string): string => {
    const machine = new Machine({ cpus: 3 });
    machine.now = Date.UTC(2026, 0, 1, 12);
    return machine.sh(line).out;
  };

  it.each([
    ['nproc', '3\n'],
    ['nproc --all', '3\n'],
    ['nproc --ignore=5', '1\n'],
    ['uptime', ' 12:00:00 up 10 min,  0 users,  load average: 0.00, 0.00, 0.00\n'],
    ['uptime -p', 'up 10 minutes\n'],
    ['uptime --since', '2026-01-01 11:50:00\n'],
    ['systemd-detect-virt', 'kvm\n'],
    ['systemd-detect-virt -q', ''],
    ['systemd-detect-virt --container', 'none\n'],
  ])('%s tells of the machine', (line, out) => {
    expect(at(line)).toBe(out);
  });

  it.each(['lsblk -J', 'ip addr', 'mount -a', 'nproc x', 'uptime -V', 'systemd-detect-virt -r'])(
    '%s is refused by name',
    (line) => {
      expect(new Machine().sh(line).code).toBe(-1);
    },
  );
});

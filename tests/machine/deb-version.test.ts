import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, relates } from '../../src/engine/world/machine/deb-version.ts';
import { md5 } from '../../src/engine/world/machine/md5.ts';

const part = fc.stringMatching(/^[0-9][0-9a-zA-Z.+~]{0,7}$/);
const version = fc
  .tuple(fc.constantFrom('', '0:', '1:', '2:'), part, fc.option(part, { nil: undefined }))
  .map(
    ([epoch, upstream, revision]) =>
      `${epoch}${upstream}${revision === undefined ? '' : `-${revision}`}`,
  );

describe('versions of packages', () => {
  it.each([
    ['1.0', 'lt', '1.1'],
    ['1.0~rc1', 'lt', '1.0'],
    ['1.0~~', 'lt', '1.0~'],
    ['1.0', 'lt', '1.0a'],
    ['1.0a', 'lt', '1.0+'],
    ['1:0.9', 'gt', '2.0'],
    ['1.10', 'gt', '1.9'],
    ['1.0-1ubuntu1', 'gt', '1.0-1'],
    ['1.0', 'eq', '1.0-0'],
    ['0:1.00', 'eq', '1.0'],
    ['', 'lt', '1'],
    ['', 'gt-nl', '1'],
  ])('%s %s %s', (a, relation, b) => {
    expect(relates(a, relation, b)).toBe(true);
  });

  it('are in one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it.runIf(existsSync('/usr/bin/dpkg'))('are compared as the host’s dpkg compares them', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const script = `dpkg --compare-versions '${a}' lt '${b}'; echo $?`;
        const told = execFileSync('/bin/sh', ['-c', script]).toString().trim() === '0';
        expect(relates(a, 'lt', b)).toBe(told);
      }),
      { numRuns: 40 },
    );
  });
});

it('MD5 is that of RFC 1321', () => {
  const sum = (text: string): string => md5(new TextEncoder().encode(text));
  expect(sum('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
  expect(sum('message digest')).toBe('f96b697d7cb7938d525a2f31aaf161d0');
  expect(sum('1234567890'.repeat(8))).toBe('57edf4a22be3c955ac49da2e2107b67a');
});

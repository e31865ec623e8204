/** Lock files to requirements, for one Python on one platform. */
import { describe, expect, it } from 'vitest';
import { markerHolds } from '../../src/engine/project/marker.ts';
import { requirementsOfPoetryLock } from '../../src/engine/project/poetry-lock.ts';
import { requirementsOfUvLock } from '../../src/engine/project/uv-lock.ts';
import { compareVersions, satisfies } from '../../src/engine/project/version-order.ts';

const MARKERS = {
  python_version: '3.11',
  python_full_version: '3.11.7',
  sys_platform: 'linux',
  platform_machine: 'x86_64',
  os_name: 'posix',
};

describe('versions', () => {
  it('compare by number, not by letter', () => {
    expect(compareVersions('3.9', '3.10')).toBeLessThan(0);
    expect(compareVersions('3.10', '3.10.0')).toBe(0);
  });

  it.each([
    ['3.11.7', '>=3.10,<4', true],
    ['3.11.7', '<3.11', false],
    ['3.11.7', '~=3.10', true],
    ['3.11.7', '~=3.10.1', false],
    ['3.11.7', '==3.11.*', true],
    ['3.11.7', '!=3.11.*', false],
    ['3.11.7', '', true],
    ['3.11.7', 'soon', false],
  ])('%s within %j: %s', (version, specifier, within) => {
    expect(satisfies(version, specifier)).toBe(within);
  });
});

describe('a marker', () => {
  it.each([
    ["python_version < '3.8'", false],
    ["python_full_version >= '3.10' and sys_platform == 'linux'", true],
    ["sys_platform == 'win32' or (os_name == 'posix' and python_version > '3.9')", true],
    ["sys_platform == 'win32' or os_name == 'nt' and python_version > '3.9'", false],
    ["'3.12' > python_version", true],
    ["platform_machine in 'x86_64 aarch64'", true],
    ["platform_machine not in 'x86_64 aarch64'", false],
    ["extra == 'testing'", false],
    ['nonsense ((', false],
    ['', true],
  ])('%s: %s', (marker, holds) => {
    expect(markerHolds(marker, MARKERS)).toBe(holds);
  });
});

const UV = `
version = 1
requires-python = ">=3.10"

[[package]]
name = "web"
version = "0.1"
source = { virtual = "." }
dependencies = [
    { name = "ops", extra = ["tracing"] },
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "own" },
]

[package.dev-dependencies]
unit = [{ name = "pytest" }]
extra = [{ name = "jubilant" }]

[[package]]
name = "ops"
version = "3.7.1"
source = { registry = "https://example.com/simple" }
dependencies = [
    { name = "typing", version = "1.0", marker = "python_full_version < '3.11'" },
    { name = "typing", version = "2.0", marker = "python_full_version >= '3.11'" },
]

[package.optional-dependencies]
tracing = [{ name = "ops-tracing" }]

[[package]]
name = "ops-tracing"
version = "3.7.0"
source = { registry = "https://example.com/simple" }
dependencies = [{ name = "ops" }]

[[package]]
name = "typing"
version = "1.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "typing"
version = "2.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "colorama"
version = "0.4"
source = { registry = "https://example.com/simple" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "jubilant"
version = "1.0"
source = { url = "https://example.com/jubilant.whl" }

[[package]]
name = "own"
version = "0.1"
source = { git = "https://example.com/own.git?rev=main#abc123" }
`;

describe('uv.lock', () => {
  const asked = { folder: '/web', text: UV, markers: MARKERS, extras: [], groups: [] };

  it('gives what the charm needs here, in the locked versions, without its development groups', () => {
    expect(requirementsOfUvLock(asked)).toEqual([
      'ops-tracing==3.7.0',
      'ops==3.7.1',
      'own @ git+https://example.com/own.git@abc123',
      'typing==2.0',
    ]);
  });

  it('takes the other fork for another Python', () => {
    const markers = { ...MARKERS, python_version: '3.10', python_full_version: '3.10.2' };
    expect(requirementsOfUvLock({ ...asked, markers })).toContain('typing==1.0');
  });

  it('adds the groups that the part asks for', () => {
    expect(requirementsOfUvLock({ ...asked, groups: ['extra'] })).toContain(
      'jubilant @ https://example.com/jubilant.whl',
    );
  });

  it.each([
    ['no TOML', 'version = = 1', /TOML/],
    ['another version', 'version = 9', /of version 9/],
    ['a lock without a project', 'version = 1', /locks no project/],
    [
      'a lock with holes',
      UV.replace('name = "ops-tracing"\nversion', 'name = "x"\nversion'),
      /not locked/,
    ],
  ])('is refused when it is %s', (_, text, message) => {
    expect(() => requirementsOfUvLock({ ...asked, text })).toThrow(message);
  });
});

const POETRY = `
[[package]]
name = "ops"
version = "3.7.1"
optional = false
python-versions = ">=3.10"
groups = ["main"]

[package.dependencies]
PyYAML = ">=6"
colorama = {version = "*", markers = "sys_platform == 'win32'"}

[[package]]
name = "pyyaml"
version = "6.0.2"
optional = false
python-versions = "*"
groups = ["main", "unit"]

[[package]]
name = "colorama"
version = "0.4"
optional = false
python-versions = "*"
groups = ["main", "unit"]
markers = {main = "sys_platform == 'win32'", unit = "sys_platform == 'linux'"}

[[package]]
name = "pytest"
version = "8"
optional = false
python-versions = ">=3.9,<4"
groups = ["unit"]
`;

describe('poetry.lock', () => {
  const pyproject = '[tool.poetry.dependencies]\npython = "^3.10"\nops = "^3"\n';
  const asked = { lock: POETRY, pyproject, markers: MARKERS, groups: [] };

  it('gives the main group, for this platform', () => {
    expect(requirementsOfPoetryLock(asked)).toEqual(['ops==3.7.1', 'pyyaml==6.0.2']);
  });

  it('adds the groups that the part asks for', () => {
    expect(requirementsOfPoetryLock({ ...asked, groups: ['unit'] })).toEqual([
      'colorama==0.4',
      'ops==3.7.1',
      'pytest==8',
      'pyyaml==6.0.2',
    ]);
  });

  it('follows the main dependencies where a lock knows no groups', () => {
    const lock = POETRY.replaceAll(/^(groups|markers) = .*\n/gm, '');
    expect(requirementsOfPoetryLock({ ...asked, lock })).toEqual(['ops==3.7.1', 'pyyaml==6.0.2']);
  });
});

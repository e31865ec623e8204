/**
 * The endpoints of a charm: provides, requires and peers.
 * Source: juju internal/charm/meta.go (relation schema, Check).
 */
import type { Endpoint, Role } from '../model/charm.ts';
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import { orList, wordHint } from '../model/yaml-shape.ts';
import { declared, expected, flag, given, member, text, whole, type Declared } from './reading.ts';

const ROLES = ['provides', 'requires', 'peers'] as const;
const SCOPES = ['global', 'container'] as const;
type Of = { readonly charm: string; readonly subordinate: boolean; readonly report: Report };

function scopeOf(yaml: Yaml | undefined, what: string, report: Report): Endpoint['scope'] {
  const word = text(yaml, what, report);
  const scope = SCOPES.find((known) => known === word);
  if (yaml && word !== undefined && scope === undefined) {
    const message = `${what}: unexpected value "${word}"`;
    report(new Mistake(message, { at: yaml.at, hint: wordHint(word, SCOPES) }));
  }
  return scope ?? 'global';
}

function readEndpoint(role: Role, { name, yaml }: Declared, report: Report): Endpoint | undefined {
  const what = `metadata: ${role}.${name}`;
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') {
    return { role, interface: yaml.value, scope: 'global' };
  }
  if (yaml.kind !== 'map') return expected(report, what, { type: 'string or map', got: yaml });
  const found = member(yaml, 'interface');
  if (found === undefined) {
    const message = `${what}.interface: expected string, got nothing`;
    const hint = `Name the interface of ${name}.`;
    report(new Mistake(message, { at: yaml.at, hint }));
    return undefined;
  }
  const named = text(found, `${what}.interface`, report);
  return named === undefined
    ? undefined
    : {
        role,
        interface: named,
        scope: scopeOf(member(yaml, 'scope'), `${what}.scope`, report),
        ...given('optional', flag(member(yaml, 'optional'), `${what}.optional`, report)),
        ...given('limit', whole(member(yaml, 'limit'), `${what}.limit`, report)),
      };
}

function reserved(name: string): boolean {
  return name === 'juju' || name.startsWith('juju-');
}

/** What Juju refuses once the whole charm is known. */
function checkEndpoint(entry: Declared, endpoint: Endpoint, of: Of): void {
  const refuse = (message: string) => of.report(new Mistake(message, { at: entry.at }));
  const attached = of.subordinate && endpoint.role === 'requires' && endpoint.scope === 'container';
  if (reserved(entry.name) && !attached) {
    refuse(`charm "${of.charm}" using a reserved relation name: "${entry.name}"`);
  }
  if (reserved(endpoint.interface) && endpoint.role !== 'requires') {
    const about = `relation "${entry.name}" using a reserved interface: "${endpoint.interface}"`;
    refuse(`charm "${of.charm}" ${about}`);
  }
}

/** Every endpoint that metadata declares, by name. */
export function readEndpoints(metadata: Yaml, of: Of): Readonly<Record<string, Endpoint>> {
  const found: Record<string, Endpoint> = {};
  for (const role of ROLES) {
    for (const entry of declared(member(metadata, role), `metadata: ${role}`, of.report)) {
      const endpoint = readEndpoint(role, entry, of.report);
      if (!endpoint) continue;
      if (Object.hasOwn(found, entry.name)) {
        const message = `charm "${of.charm}" using a duplicated relation name: "${entry.name}"`;
        const hint = `A name is used once among ${orList(ROLES).replace(' or ', ' and ')}.`;
        of.report(new Mistake(message, { at: entry.at, hint }));
      }
      checkEndpoint(entry, endpoint, of);
      found[entry.name] = endpoint;
    }
  }
  const attached = Object.values(found).some(
    ({ role, scope }) => role === 'requires' && scope === 'container',
  );
  if (of.subordinate && !attached) {
    const message = `subordinate charm "${of.charm}" lacks "requires" relation with container scope`;
    of.report(new Mistake(message, { at: metadata.at }));
  }
  return found;
}

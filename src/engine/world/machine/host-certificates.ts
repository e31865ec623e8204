/**
 * update-ca-certificates: links of certificates and the bundle of them all.
 * Source: update-ca-certificates(8) of ca-certificates 2023 (Ubuntu), by what it makes of files.
 * Not modelled: links named by a certificate's hash, hooks; the base's own authorities are left as they are in the
 * bundle: those of the machine's administrator come after them, and go from it when their file is gone.
 */
import { file, isRoot, look, reply, textOf, type Program, type RootChanges } from './program.ts';

const CERTS = '/etc/ssl/certs';
const LOCAL = '/usr/local/share/ca-certificates';
const BUNDLE = `${CERTS}/ca-certificates.crt`;

function pemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.crt$/, '');
  return `${CERTS}/${name.replaceAll(' ', '_').replace(/[()]/g, '=').replaceAll(',', '_')}.pem`;
}

function isCertificate(path: string): boolean {
  return path.startsWith(`${LOCAL}/`) && path.endsWith('.crt');
}

function whole(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

export const updateCaCertificates: Program = (_draw, request) => {
  const flags = request.argv.slice(1);
  const known = ['--verbose', '-v', '--fresh', '-f', '--default', '-d'];
  if (flags.some((flag) => !known.includes(flag)))
    return reply(0, 'update-ca-certificates: [--verbose] [--fresh]\n');
  const first = look(request, [`${LOCAL}/**`, `${CERTS}/*`]);
  if (first) return first;
  if (!isRoot(request))
    return reply(1, '', `ln: failed to create symbolic link: Permission denied\n`);
  const { found = {} } = request;
  const local = Object.keys(found)
    .filter((path) => isCertificate(path) && found[path]?.kind === 'file')
    .sort();
  const links = new Map(local.map((path) => [pemOf(path), path]));
  const root: RootChanges = {};
  let [added, removed] = [0, 0];
  for (const [pem, path] of links) {
    const there = found[pem];
    if (there?.kind === 'link' && there.target === path) continue;
    root[pem] = { kind: 'link', target: path };
    added += 1;
  }
  const gone = Object.keys(found).filter((path) => {
    const there = found[path];
    return there?.kind === 'link' && isCertificate(there.target) && !links.has(path);
  });
  for (const path of gone) {
    root[path] = { kind: 'removed' };
    removed += 1;
  }
  const mark = '# of the administrator\n';
  const before = (textOf(found, BUNDLE) ?? '').split(mark)[0] ?? '';
  const own = local.map((path) => whole(textOf(found, path) ?? '')).join('');
  const bundle = own === '' ? before : `${before}${mark}${own}`;
  if (bundle !== textOf(found, BUNDLE)) root[BUNDLE] = file(bundle);
  const fresh = flags.some((flag) => flag === '--fresh' || flag === '-f');
  const out = [
    ...(fresh ? [`Clearing symlinks in ${CERTS}...`, 'done.'] : []),
    `Updating certificates in ${CERTS}...`,
    `${fresh ? local.length : added} added, ${removed} removed; done.`,
    'Running hooks in /etc/ca-certificates/update.d...',
    'done.',
  ];
  return reply(0, out.map((line) => `${line}\n`).join(''), '', root);
};

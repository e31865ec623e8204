/**
 * The authority behind `tls-certificates`: it signs whatever it is asked to sign, and nobody trusts it.
 * Source: RFC 5280 (certificates), RFC 2986 (requests), RFC 8017 (PKCS #1 v1.5 signatures).
 * Not modelled: revocation, key identifiers. Its key is public, for everything that it signs is made up.
 */
import {
  bits,
  fromPem,
  integer,
  joined,
  oid,
  pem,
  sequence,
  TAG,
  text,
  value,
  values,
  type Der,
} from './der.ts';

const MODULUS = BigInt(
  `0x${[
    'ca4edb28ba7603b29b20c135bcc82b0ac02ebc940d18755217f2f36972be4415bca327d02603c0df5e155d20bd16e6aa',
    '4d5635cbc1155903a750ec994a4ea2207b675e7cc69fdc69f48230513350c14ba64b8fd2ee964ac4d029e2b81ffac1bc',
    'f14111c8ae2e38ca0a5cec1f0af16d606dc5a008d560a4684beec27c1c2223068c6ad34e1054045877c7c51b65585228',
    'f9de7b9fe38375f89e3c3f62b817150bfd113c1ed05c0116b2ed9afcb4daf8727aba05b34fb1f7961c2dbae02f3d8e10',
    'f445d7dc3117dff70913633fd2160b37b1e36d7cd3a6e5706a2ba186f95acb499370acc10f34e44253d5ad0f1e1e6529',
    '85f4e622f31dece51777db8ab13ef455',
  ].join('')}`,
);
const EXPONENT = 65537n;
/** What it signs with. */
const SIGNING = BigInt(
  `0x${[
    '825dfe6c687bd4362c31175081ae9bcdf9ba245b6374f76547798fd1cbd74018a1cea1c1483df2f3fdb4d6a65a337fc1',
    '0ec517358ddf2bd566e48712e1077b026383612816f6bd1aaa2d9ae538a4396b7e6602f0723ef73f8cc4f10ca5cef939',
    'c05da61023ee353a3d2354254ceff703c4b92d3f84011af0fabd8926611abe663c1eacf42a391066d34a9db607061369',
    '27fab8b357cd19a1a79790c4cebb29830212e99b4341223b48cede6fcfec6a1e5ec314e89a9a2cfc9a5d7eaa35218c99',
    'c21b0839f82b119fd5e928915d561e761adec5647622cd91c181e577328197ba391dca00624f7cbfa00270b9309d8c36',
    'fedb4f030ba77e2690ba8e1f9f6f87b',
  ].join('')}`,
);

const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), value(TAG.nothing));
const RSA = sequence(oid('1.2.840.113549.1.1.1'), value(TAG.nothing));
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), value(TAG.nothing));
const EXTENSION_REQUEST = oid('1.2.840.113549.1.9.14');
const COMMON_NAME = oid('2.5.4.3');
const BASIC_CONSTRAINTS = oid('2.5.29.19');
/** Longer than any trace. */
const VALIDITY = sequence(text(TAG.time, '20250101000000Z'), text(TAG.time, '20550101000000Z'));

/** SHA-256 as `sha256:HEX`. */
type Digest = (bytes: Uint8Array) => string;

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square, left] = [1n, base % modulus, exponent];
  while (left > 0n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
    left >>= 1n;
  }
  return result;
}

const SIZE = 256;

function signature(bytes: Uint8Array, digest: Digest): Uint8Array {
  const hash = fromHex(digest(bytes).replace('sha256:', ''));
  const info = sequence(SHA256, value(TAG.octets, hash));
  const padding = new Uint8Array(SIZE - info.length - 3).fill(0xff);
  const block = joined([Uint8Array.of(0, 1), padding, Uint8Array.of(0), info]);
  const number = BigInt(
    `0x${[...block].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  );
  return fromHex(
    power(number, SIGNING, MODULUS)
      .toString(16)
      .padStart(SIZE * 2, '0'),
  );
}

function nameOf(common: string): Uint8Array {
  return sequence(value(TAG.set, sequence(COMMON_NAME, text(TAG.utf8, common))));
}

const ISSUER = nameOf('Made-up Authority');

type Wanted = {
  readonly subject: Uint8Array;
  readonly key: Uint8Array;
  readonly extensions: readonly Uint8Array[];
  readonly authority: boolean;
};

/** A certificate of this authority, in DER. */
function issued({ subject, key, extensions, authority }: Wanted, digest: Digest): Uint8Array {
  const of = digest(joined([subject, key])).replace('sha256:', '');
  const constraints = sequence(
    BASIC_CONSTRAINTS,
    value(TAG.boolean, Uint8Array.of(0xff)),
    value(TAG.octets, sequence(...(authority ? [value(TAG.boolean, Uint8Array.of(0xff))] : []))),
  );
  const body = sequence(
    value(0xa0, integer(2n)),
    integer(BigInt(`0x7${of.slice(0, 31)}`)),
    SHA256_RSA,
    ISSUER,
    VALIDITY,
    subject,
    key,
    value(0xa3, sequence(constraints, ...extensions)),
  );
  return sequence(body, SHA256_RSA, bits(signature(body, digest)));
}

/** The authority's own certificate. */
export function authority(digest: Digest): string {
  const key = sequence(RSA, bits(sequence(integer(MODULUS), integer(EXPONENT))));
  const wanted = { subject: ISSUER, key, extensions: [], authority: true };
  return pem('CERTIFICATE', issued(wanted, digest));
}

/** Extensions that a request asks for, but for those that the authority sets itself. */
function requestedExtensions(attributes: Der | undefined): readonly Uint8Array[] {
  const all = attributes && attributes.tag === 0xa0 ? values(attributes.body) : [];
  const asked = all
    .map(({ body }) => values(body))
    .find(([name]) => name && equal(name.all, EXTENSION_REQUEST));
  const [list] = asked?.[1] ? values(asked[1].body) : [];
  return (list ? values(list.body) : [])
    .filter(({ body }) => !equal(values(body)[0]?.all ?? body, BASIC_CONSTRAINTS))
    .map(({ all: extension }) => extension);
}

/** The certificate for a request, both in PEM; null where the text is no request. */
export function signed(
  request: string,
  { authority: isAuthority, digest }: { readonly authority: boolean; readonly digest: Digest },
): string | null {
  const bytes = fromPem(request);
  if (!bytes) return null;
  try {
    const [whole] = values(bytes);
    const [info] = whole ? values(whole.body) : [];
    const [, subject, key, attributes] = info ? values(info.body) : [];
    if (!subject || !key) return null;
    const extensions = requestedExtensions(attributes);
    const wanted = { subject: subject.all, key: key.all, extensions, authority: isAuthority };
    return pem('CERTIFICATE', issued(wanted, digest));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

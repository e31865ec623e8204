/**
 * Certificates: the authority signs every request that it finds, in the order in which they stand.
 * Source: canonical/charm-relation-interfaces, interfaces/tls_certificates/v1.
 * Not modelled: renewal, revocation, errors of a request.
 */
import type { Json, JsonObject } from '../model/json.ts';
import { authority, signed } from './made-up-authority.ts';
import type { Asked, Responder, Written } from './responder.ts';
import { ourJson } from './responders-web.ts';

type Requested = { readonly text: string; readonly ca: boolean };

function asRequest(item: Json): readonly Requested[] {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return [];
  const { certificate_signing_request: text, ca } = item as JsonObject;
  return typeof text === 'string' ? [{ text, ca: ca === true }] : [];
}

/** Requests of the application and of this unit. */
function requests(asked: Asked): readonly Requested[] {
  const { app, unit } = asked.ours;
  return [app, unit].flatMap((bag) => {
    const ours = { app: bag, unit: {} };
    const list = ourJson({ ...asked, ours }, 'certificate_signing_requests');
    return Array.isArray(list) ? list.flatMap(asRequest) : [];
  });
}

function certificates(asked: Asked): Written {
  const { digest } = asked;
  const found = requests(asked);
  if (found.length === 0) return {};
  const ca = authority(digest);
  const all = found.flatMap(({ text, ca: isAuthority }) => {
    const certificate = signed(text, { authority: isAuthority, digest });
    if (certificate === null) return [];
    const chain = [certificate, ca];
    return [{ ca, chain, certificate, certificate_signing_request: text }];
  });
  return { data: { certificates: all } };
}

/** Of shop.example. The key to it is thrown away. */
const REQUEST = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  'MIIChjCCAW4CAQAwFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMIIBIjANBgkqhkiG',
  '9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2cxOa7yQwd7P1fpQTwL/xBtj5XdKa8PPWGJV',
  '79Svf7V1KgpLdVDuHDRZDZsceo2aTeeiHkv4JDfjtly7KR8TAEmTqK8nMxLcEbHk',
  '+WciHUgWgVwPC8ntHOJKii7+688QOQ/pHuld4rwCxojP2UdBp65C8dMcIE1i9M+y',
  'UfBaOWAHPDouHulqBvslC1Xw7ikGYaTLhh7ElANKw9FH3FuXQLxIn5qcERaklLws',
  'FiueWYDdlxo89DSoYaOKQP+WJqxNkP8OcC1QtRJRQ+RFoKLqn4H4b5PocTIcZGT/',
  '90fNGlRUzcMFU5L7k+yIJBNrstqwvM1lJqyz+Q6D4Qq3K15lGQIDAQABoCowKAYJ',
  'KoZIhvcNAQkOMRswGTAXBgNVHREEEDAOggxzaG9wLmV4YW1wbGUwDQYJKoZIhvcN',
  'AQELBQADggEBAH8o7U1fazkFze+4u3sPCXZh8DP76FWLpuR4SvpY4ylZivC7M2YY',
  'lv24/xnuKuacA0OVLvHnsjEr+IFmu/xNLi35zEZ59UFbzWWKN0/UpMJdxXyVAe8C',
  'HBhcFf+4ZT1Rm3w19t2hYUVftZRxDl7AMsbBtuWZs2mubq61x0OL++sFYUKU68ZC',
  '4fshY8t1Mb6A4BRySHBrDHZVbHDK1F5tL6QTX+Y0xo1gQ++DSLut8gcmMeu95FvG',
  'Ivsefh6Rmb55+nxiEVA9LJVvsnepbiZO0vYtzp9QL+QD6Y6xh/PEGAkTlsOpW0yS',
  'sARsOItvMMTiGOoXi8E5dvqN4tEk5ULdtAw=',
  '-----END CERTIFICATE REQUEST-----',
].join('\n');

export const TLS: Responder = {
  interface: 'tls-certificates',
  about: 'Certificates for whoever asks, from an authority that nobody trusts.',
  source: 'canonical/charm-relation-interfaces, interfaces/tls_certificates/v1',
  provides: {
    app: 'self-signed-certificates',
    about: 'The authority signs each request.',
    answers: certificates,
  },
  requires: {
    app: 'shop',
    about: 'Another charm asks for a certificate.',
    answers: [
      {
        unit: {
          certificate_signing_requests: [{ certificate_signing_request: REQUEST, ca: false }],
        },
      },
    ],
  },
};

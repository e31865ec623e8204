/** MD5 of bytes, in hexadecimal: dpkg writes down conffiles with it. Source: RFC 1321. */

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from({ length: 64 }, (_, at) =>
  Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32),
);
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

function padded(bytes: Uint8Array): DataView {
  const blocks = ((bytes.length + 8) >> 6) + 1;
  const whole = new Uint8Array(blocks * 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, (bytes.length << 3) >>> 0, true);
  view.setUint32(whole.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  return view;
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

function wordAt(round: number, step: number): number {
  if (round === 0) return step;
  if (round === 1) return (5 * step + 1) % 16;
  return round === 2 ? (3 * step + 5) % 16 : (7 * step) % 16;
}

export function md5(bytes: Uint8Array): string {
  const view = padded(bytes);
  const sums = [...START];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = sums as [number, number, number, number];
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4;
      const word = view.getUint32(block + 4 * wordAt(round, step), true);
      const sum = (a + mixed(round, b, c, d) + (SINES[step] as number) + word) | 0;
      const shift = SHIFTS[round * 4 + (step % 4)] as number;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d].forEach((part, at) => (sums[at] = ((sums[at] as number) + part) | 0));
  }
  const out = new DataView(new ArrayBuffer(16));
  sums.forEach((sum, at) => out.setUint32(4 * at, sum, true));
  return Array.from(new Uint8Array(out.buffer), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}

/**
 * Which texts YAML would read back as something other than text, so that Go's library quotes them.
 * Source: gopkg.in/yaml.v2 2.4.0 (resolve.go, and isBase60Float of encode.go)
 */
const WORDS: ReadonlySet<string> = new Set(
  [
    'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF',
    '~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF',
  ].flatMap((line) => line.split(' ')),
);
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const BASED = /^([-+]?)0(?:x([\da-f]+)|o([0-7]+)|b([01]+))$/i;
const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:$|([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(.*)$)/;
const ZONE = /^(?:Z|[-+](\d\d):(\d\d))$/;

function isBased(text: string): boolean {
  const [, sign = '', hex, octal, binary] = BASED.exec(text) ?? [];
  const digits = hex ?? octal ?? binary;
  if (digits === undefined) return false;
  const size = BigInt(`0${hex ? 'x' : octal ? 'o' : 'b'}${digits}`);
  if (sign === '') return size < 1n << 64n;
  return sign === '-' ? size <= 1n << 63n : size < 1n << 63n;
}

function isNumber(text: string): boolean {
  const plain = text.replaceAll('_', '');
  if (isBased(plain)) return true;
  return FLOAT.test(plain) && Number.isFinite(Number(plain));
}

function isTimestamp(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day, hour = 0, minute = 0, second = 0] = [1, 2, 3, 5, 6, 7].map((at) =>
    Number(match[at] ?? 0),
  );
  const days = new Date(Date.UTC(2000, month ?? 0, 0)).getUTCDate();
  const leap = (year ?? 0) % 4 === 0 && ((year ?? 0) % 100 !== 0 || (year ?? 0) % 400 === 0);
  const last = month === 2 && !leap ? 28 : days;
  if (!month || month > 12 || !day || day > last) return false;
  if (match[4] === undefined) return true;
  if (hour > 23 || minute > 59 || second > 59) return false;
  return match[4] === ' ' ? match[8] === '' : ZONE.test(match[8] ?? '');
}

/** Whether a text means itself when it is written without quotes. */
export function isPlainText(text: string): boolean {
  if (text === '' || WORDS.has(text) || BASE_60.test(text)) return false;
  if (/^[-+\d]/.test(text)) return !isTimestamp(text) && !isNumber(text);
  return !/^\.\d/.test(text) || !FLOAT.test(text);
}

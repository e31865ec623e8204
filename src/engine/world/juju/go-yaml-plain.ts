/**
 * What YAML reads a text without quotes as. Go's library quotes what would not be read back as text.
 * Source: gopkg.in/yaml.v2 2.4.0 (resolve.go, and isBase60Float of encode.go)
 */
const WORDS: Readonly<Record<string, string>> = {
  bool: 'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF',
  null: '~ null Null NULL',
  float: '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF',
};
const TAGS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([tag, words]) => words.split(' ').map((word) => [word, tag])),
);
const INTEGER = /^[-+]?\d+$/;
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

/** Whether a number of digits only fits into 64 bits; a leading zero makes it octal. */
function isSmall(digits: string): boolean {
  const octal = /^([-+]?)0+([0-7]+)$/.exec(digits);
  if (octal) return isBased(`${octal[1] ?? ''}0o${octal[2] ?? ''}`);
  if (/^[-+]?0\d/.test(digits)) return false;
  const size = BigInt(digits.replace('+', ''));
  return size >= -(1n << 63n) && size < 1n << (digits.startsWith('+') ? 63n : 64n);
}

function numberTag(text: string): string | undefined {
  const plain = text.replaceAll('_', '');
  if (isBased(plain) || (INTEGER.test(plain) && isSmall(plain))) return 'int';
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? 'float' : undefined;
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

/** What a text without quotes is read as: `str`, `int`, `bool`, `null`, `float` or `timestamp`. */
export function tagOfPlain(text: string): string {
  const word = text === '' ? 'null' : TAGS.get(text);
  if (word !== undefined) return word;
  if (/^[-+\d]/.test(text)) return isTimestamp(text) ? 'timestamp' : (numberTag(text) ?? 'str');
  return /^\.\d/.test(text) && FLOAT.test(text) ? 'float' : 'str';
}

/** Whether a text means itself when it is written without quotes. */
export function isPlainText(text: string): boolean {
  return tagOfPlain(text) === 'str' && !BASE_60.test(text);
}

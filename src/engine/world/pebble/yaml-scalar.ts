/**
 * What a plain scalar means to Go's YAML, which reads 1.2 with some of 1.1.
 * Source: gopkg.in/yaml.v3 resolve.go and encode.go.
 */
export type ScalarTag =
  '!!null' | '!!bool' | '!!int' | '!!float' | '!!timestamp' | '!!merge' | '!!str';

const NULL = /^(?:|~|null|Null|NULL)$/;
const BOOL = /^(?:true|True|TRUE|false|False|FALSE)$/;
const INT = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*)$/;
const FLOAT =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE = String.raw`\d{4}-\d\d?-\d\d?`;
const TIME = String.raw`\d\d?:\d\d?:\d\d?(?:\.\d*)?`;
const ZONE = String.raw`[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?)`;
const TIMESTAMP = new RegExp(`^${DATE}(?:(?:[Tt]|[ \\t]+)${TIME}(?:${ZONE})?)?$`);
const OLD_BOOL = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

/** The tag of an unquoted scalar. */
export function plainTag(text: string): ScalarTag {
  if (NULL.test(text)) return '!!null';
  if (BOOL.test(text)) return '!!bool';
  if (INT.test(text)) return '!!int';
  if (FLOAT.test(text)) return '!!float';
  if (text === '<<') return '!!merge';
  return TIMESTAMP.test(text) ? '!!timestamp' : '!!str';
}

/** Whether a string must be quoted to stay one. */
export function readsAsOther(text: string): boolean {
  return plainTag(text) !== '!!str' || OLD_BOOL.test(text) || BASE_60.test(text);
}

/** The value of a scalar that is a whole number, or undefined. */
export function wholeNumber(text: string): number | undefined {
  const plain = text.replaceAll('_', '').replace(/^\+/, '');
  const negative = plain.startsWith('-');
  const digits = negative ? plain.slice(1) : plain;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = Number(octal);
  if (!Number.isInteger(value)) return undefined;
  return negative ? 0 - value : value;
}

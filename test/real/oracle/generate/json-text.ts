import type { Dice } from './dice.ts';
import { bytes, name, numberText, text } from './texts.ts';

const space = (dice: Dice): string =>
  dice.chance(0.9) ? '' : dice.pick([' ', '\n', '\t', '  ', '\r\n', '\f', '\u00a0']);

/** JSON as writers write it, and now and then as none should. */
export function jsonText(dice: Dice, depth: number): string {
  const plain = jsonValue(dice, depth);
  return dice.chance(0.8) ? plain : damage(dice, plain);
}

function jsonValue(dice: Dice, depth: number): string {
  if (depth > 0 && dice.chance(0.5)) {
    return dice.chance(0.5)
      ? `[${space(dice)}${dice.some(4, () => jsonValue(dice, depth - 1)).join(`${space(dice)},`)}]`
      : `{${dice.some(4, () => `${jsonString(dice, name(dice))}${space(dice)}:${space(dice)}${jsonValue(dice, depth - 1)}`).join(',')}}`;
  }
  return dice.oneOf(
    () => jsonString(dice, text(dice)),
    () => jsonNumber(dice),
    () => jsonNumber(dice),
    () => dice.pick(['true', 'false', 'null']),
  );
}

/** Mostly numbers JSON has. */
const jsonNumber = (dice: Dice): string => {
  const number = numberText(dice);
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(number) || dice.chance(0.05)
    ? number
    : String(dice.int(-9, 9));
};

function jsonString(dice: Dice, content: string): string {
  if (dice.chance(0.8)) return JSON.stringify(content);
  const escaped = [...content].map((char) =>
    dice.chance(0.5) ? [...char].map(unicodeEscape).join('') : JSON.stringify(char).slice(1, -1),
  );
  return `"${escaped.join('')}${dice.chance(0.1) ? dice.pick(['\\x', '\\u12', '\\uD83D', '\\/', '\\0', '\t', '\\ude00\\ud83d']) : ''}"`;
}

const unicodeEscape = (char: string): string =>
  Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

function damage(dice: Dice, json: string): string {
  const at = dice.int(0, json.length);
  return dice.oneOf(
    () => json.slice(0, at),
    () => `${json.slice(0, at)}${dice.pick(odd)}${json.slice(at)}`,
    () => `${dice.pick(odd)}${json}`,
    () => `${json}${dice.pick(odd)}`,
    () => json.slice(0, at) + json.slice(at + 1),
    () => json.replace(/[,:]/, dice.pick(['', ',,', ';', ' '])),
    () => '['.repeat(dice.pick([10, 500, 999, 1000, 1001])) + json,
    () => `${'['.repeat(300)}${json}${']'.repeat(300)}`,
  );
}

const odd = [
  ',',
  '}',
  ']',
  '{',
  '[',
  '"',
  "'",
  ':',
  '//c',
  '/*c*/',
  '#',
  '\ufeff',
  '\u0000',
  '1',
  '-',
  '+1',
  '.5',
  'x',

  'NaN',
  'Infinity',
  '-Infinity',
  'nul',
  'nullx',
  'True',
  'undefined',
  '\\',
  '0',
  '007',
  '1.',
  '1e',
  ' ',
  '\u2028',

  'null',
  ' 5',
  'é',
  '\ud83d',
];

const typeNames = ['int8', 'int16', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'bytes'];

/** `{"schema": …, "payload": …}`, right, nearly right or wrong. */
export function envelope(dice: Dice, depth: number): string {
  const schema = schemaNode(dice, depth);
  const payload = dice.chance(0.85) ? payloadFor(dice, schema) : jsonValue(dice, 2);
  const schemaText = schema === null ? 'null' : JSON.stringify(schema);
  const members = [`"schema":${space(dice)}${schemaText}`, `"payload":${space(dice)}${payload}`];
  if (dice.chance(0.05)) members.reverse();
  if (dice.chance(0.03)) members.push(dice.pick(['"x":1', '"schema":null', '"payload":1']));
  if (dice.chance(0.02)) members.pop();
  const whole = `{${members.join(',')}}`;
  return dice.chance(0.95) ? whole : damage(dice, whole);
}

type Node = Record<string, unknown>;

export function schemaNode(dice: Dice, depth: number): Node | null {
  if (dice.chance(0.03)) return null;
  const node: Node = dice.chance(0.2) ? logicalNode(dice) : typedNode(dice, depth);
  if (dice.chance(0.5))
    node['optional'] = dice.chance(0.9) ? dice.chance(0.6) : dice.pick(['true', 1, 0, null, 'x']);
  if (dice.chance(0.1)) node['name'] ??= dice.pick<unknown>(['n', '', 5, null]);
  if (dice.chance(0.1)) node['version'] = dice.pick<unknown>([1, 2, 1.5, '1', null, 4294967297, true]);
  if (dice.chance(0.1)) node['doc'] = dice.pick<unknown>(['d', '', 5, null, text(dice)]);
  if (dice.chance(0.1))
    node['parameters'] ??= dice.pick<unknown>([{ a: 'b' }, {}, { a: 1 }, { a: null }, [], 'x', null]);
  if (dice.chance(0.15))
    node['default'] = dice.chance(0.7)
      ? JSON.parse(safePayload(dice, node))
      : dice.pick<unknown>([1, 'x', null, true, [], {}, 1.5]);
  return node;
}

function typedNode(dice: Dice, depth: number): Node {
  if (dice.chance(0.03))
    return { type: dice.pick<unknown>(['INT32', 'int', '', null, 5, 'float32', 'date']) };
  if (depth <= 0 || dice.chance(0.5)) return { type: dice.pick(typeNames) };
  return dice.oneOf<Node>(
    () => ({ type: 'array', ...(dice.chance(0.97) && { items: schemaNode(dice, depth - 1) }) }),
    () => ({
      type: 'map',
      ...(dice.chance(0.97) && { keys: dice.chance(0.7) ? { type: 'string' } : schemaNode(dice, 0) }),
      ...(dice.chance(0.97) && { values: schemaNode(dice, depth - 1) }),
    }),
    () => ({
      type: 'struct',
      ...(dice.chance(0.97) && {
        fields: dice.some(4, () => ({
          ...schemaNode(dice, depth - 1),
          ...(dice.chance(0.97) && { field: name(dice) }),
        })),
      }),
    }),
  );
}

function logicalNode(dice: Dice): Node {
  const prefix = 'org.apache.kafka.connect.data.';
  return dice.oneOf<Node>(
    () => ({
      type: 'bytes',
      name: `${prefix}Decimal`,
      version: 1,
      parameters: { scale: dice.pick(['2', '0', '-1', 'x', '+3', '']) },
    }),
    () => ({ type: 'int32', name: `${prefix}Date`, version: 1 }),
    () => ({ type: 'int32', name: `${prefix}Time`, version: 1 }),
    () => ({ type: 'int64', name: `${prefix}Timestamp`, version: 1 }),
    () => ({
      type: dice.pick(typeNames),
      name: `${prefix}${dice.pick(['Decimal', 'Date', 'Time', 'Timestamp'])}`,
    }),
  );
}

/** A payload of the schema's kind, and JSON.parse can read it. */
function safePayload(dice: Dice, node: Node): string {
  const payload = payloadFor(dice, node);
  try {
    return JSON.stringify(JSON.parse(payload));
  } catch {
    return '1';
  }
}

function payloadFor(dice: Dice, node: Node | null): string {
  if (node === null) return jsonValue(dice, 2);
  if (dice.chance(0.07)) return jsonValue(dice, 1);
  switch (node['type']) {
    case 'array':
      return `[${dice.some(3, () => payloadFor(dice, (node['items'] ?? null) as Node | null)).join(',')}]`;
    case 'map':
      return mapPayload(dice, node);
    case 'struct':
      return `{${((node['fields'] ?? []) as Node[])
        .filter(() => dice.chance(0.95))
        .map((field) => `${JSON.stringify(field['field'] ?? 'f')}:${payloadFor(dice, field)}`)
        .join(',')}}`;
    case 'boolean':
      return dice.pick(['true', 'false']);
    case 'string':
      return jsonString(dice, text(dice));
    case 'bytes':
      return dice.chance(0.8) ? JSON.stringify(bytes(dice)) : jsonNumber(dice);
    default:
      return jsonNumber(dice);
  }
}

function mapPayload(dice: Dice, node: Node): string {
  const [keys, values] = [node['keys'] as Node | null, node['values'] as Node | null];
  if (keys?.['type'] === 'string')
    return `{${dice.some(3, () => `${jsonString(dice, name(dice))}:${payloadFor(dice, values ?? null)}`).join(',')}}`;
  // JavaScript maps have one zero: no keys so small that all that is left of them is a sign.
  const key = (): string => payloadFor(dice, keys ?? null).replace(/[eE]-\d{2,}/g, 'e-2');
  return `[${dice.some(3, () => `[${key()},${payloadFor(dice, values ?? null)}]`).join(',')}]`;
}

/** Bytes of a JSON text in one of the encodings Jackson detects. */
export function jsonBytes(dice: Dice, text: string): string {
  // In UTF-16, Jackson's other parser lets half a surrogate pair pass in a field name.
  const json = text.replace(/\\u[dD]/g, '');
  const encoded = dice.oneOf(
    () => Buffer.from(json, 'utf16le'),
    () => Buffer.from(json, 'utf16le').swap16(),
    () => Buffer.from(`\ufeff${json}`),
    () => Buffer.from(`\ufeff${json}`, 'utf16le'),
    () => Buffer.from(json, 'latin1'),
  );
  const cut = dice.chance(0.1) ? encoded.subarray(0, dice.int(0, encoded.length)) : encoded;
  return cut.toString('base64');
}

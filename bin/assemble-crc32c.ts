/**
 * Assembles the WebAssembly module that computes CRC-32C and writes it, in base64, into
 * `lib/kafka/record-batch/crc32c-module.ts`. `--check` writes nothing and fails when that file is stale.
 * Run it with `npm exec -- node bin/assemble-crc32c.ts`.
 *
 * The module exports `memory`, of a fixed size, and `update(crc, at, end)`, which takes the bytes `[at, end)` of
 * the memory into a running CRC. The memory begins with 16 tables of 256 words, which the caller fills: table n
 * says what a byte does to the CRC when n more bytes follow it. So 16 bytes take 16 look-ups, which do not wait
 * for each other ("slicing by 16").
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const slices = 16;
const tableBytes = 1024;
/** Of 64 KiB: the tables, and 48 KiB for input. A larger one measures the same, and this stays in the cache. */
const pages = 1;

const i32 = 0x7f;
const op = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  load: 0x28,
  loadByte: 0x2d,
  constant: 0x41,
  greaterUnsigned: 0x4b,
  greaterOrEqualUnsigned: 0x4f,
  add: 0x6a,
  and: 0x71,
  xor: 0x73,
  shiftLeft: 0x74,
  shiftRightUnsigned: 0x76,
} as const;
const noResult = 0x40;

type Code = readonly number[];

/** LEB128 of a number from 0 on. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** LEB128 with a sign, as constants are written: bit 6 of the last byte is the sign. */
function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (code: Code): number[] => [...unsigned(code.length), ...code];
const section = (id: number, items: readonly Code[]): number[] => [id, ...sized(vector(items))];
const text = (value: string): number[] => sized([...Buffer.from(value)]);

const get = (local: number): Code => [op.localGet, local];
const set = (local: number, value: Code): Code => [...value, op.localSet, local];
const constant = (value: number): Code => [op.constant, ...signed(value)];
const binary = (operation: number, left: Code, right: Code): Code => [...left, ...right, operation];
/** A word anywhere: alignment 2^0. */
const wordAt = (address: Code, offset: number): Code => [...address, op.load, 0, ...unsigned(offset)];
const byteAt = (address: Code): Code => [...address, op.loadByte, 0, 0];

const [crc, at, end, word] = [0, 1, 2, 3];

/** The word of table `table` for byte number `byte` of the local `of`: its number times 4, and the table's offset. */
function lookUp(table: number, of: number, byte: number): Code {
  const shift = 8 * byte - 2;
  const scaled =
    shift < 0
      ? binary(op.shiftLeft, get(of), constant(-shift))
      : binary(op.shiftRightUnsigned, get(of), constant(shift));
  const index = binary(op.and, scaled, constant(0x3fc));
  return [...index, op.load, 2, ...unsigned(table * tableBytes)];
}

/** The look-ups of the word in the local `of`, whose first byte belongs to table `first`, as one value. */
function lookUps(of: number, first: number): Code {
  return combined([0, 1, 2, 3].map((byte) => lookUp(first - byte, of, byte)));
}

/** `break` out of the loop when `condition` holds, otherwise `body` and again. */
const until = (condition: Code, body: Code): Code =>
  [[op.block, noResult, op.loop, noResult], condition, [op.brIf, 1], body, [op.br, 0, op.end, op.end]].flat();

const combined = (values: readonly Code[]): Code => values.reduce((all, one) => binary(op.xor, all, one));
const advance = (by: number): Code => set(at, binary(op.add, get(at), constant(by)));

/** The words behind the first do not need the CRC so far: they come first, while it is still being computed. */
function sixteenBytes(): Code {
  const behind = [4, 8, 12].map((offset) => [
    ...set(word, wordAt(get(at), offset)),
    ...lookUps(word, slices - 1 - offset),
  ]);
  const first = [...set(crc, binary(op.xor, get(crc), wordAt(get(at), 0))), ...lookUps(crc, slices - 1)];
  return [...set(crc, combined([...behind, first])), ...advance(slices)];
}

function oneByte(): Code {
  const mixed = set(word, binary(op.xor, get(crc), byteAt(get(at))));
  const rest = binary(op.shiftRightUnsigned, get(crc), constant(8));
  return [...mixed, ...set(crc, binary(op.xor, rest, lookUp(0, word, 0))), ...advance(1)];
}

function assembled(): Buffer {
  const tooFewLeft = binary(op.greaterUnsigned, binary(op.add, get(at), constant(slices)), get(end));
  const noneLeft = binary(op.greaterOrEqualUnsigned, get(at), get(end));
  const locals = vector([[1, i32]]);
  const body = [...until(tooFewLeft, sixteenBytes()), ...until(noneLeft, oneByte()), ...get(crc), op.end];
  return Buffer.from([
    ...Buffer.from('\0asm\x01\0\0\0'),
    ...section(1, [[0x60, ...vector([[i32], [i32], [i32]]), ...vector([[i32]])]]),
    ...section(3, [[0]]),
    ...section(5, [[1, pages, pages]]),
    ...section(7, [
      [...text('memory'), 2, 0],
      [...text('update'), 0, 0],
    ]),
    ...section(10, [sized([...locals, ...body])]),
  ]);
}

const path = join(import.meta.dirname, '../lib/kafka/record-batch/crc32c-module.ts');
const fresh = `/** Written by \`bin/assemble-crc32c.ts\`, which says what it is. */
export const crc32cModule =
  '${assembled().toString('base64')}';
`;
if (process.argv.includes('--check')) {
  if ((await readFile(path, 'utf8')) !== fresh) {
    console.error('Run `npm exec -- node bin/assemble-crc32c.ts` and commit the result.');
    process.exitCode = 1;
  }
} else await writeFile(path, fresh);

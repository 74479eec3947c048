import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { updateByTables, type CrcUpdate } from '../../../../lib/kafka/record-batch/crc32c-tables.ts';
import { wasmUpdate } from '../../../../lib/kafka/record-batch/crc32c-wasm.ts';
import { crc32c } from '../../../../lib/kafka/record-batch/crc32c.ts';
import { fuzzOptions } from '../../../fuzz-options.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../..');
const inWasm = wasmUpdate();
const ways: [string, CrcUpdate][] = [
  ['in JavaScript', updateByTables],
  ['in WebAssembly', inWasm ?? updateByTables],
];

/** As the standard defines it: bit by bit. */
function bitwise(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Bytes without a pattern that fits the tables. */
const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 24);

const ascending = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
/** An iSCSI READ command, the last example of RFC 3720, B.4. */
const readCommand = Buffer.from(
  '01c00000000000000000000000000000' +
    '14000000000004000000001400000018' +
    '28000000000000000200000000000000',
  'hex',
);

describe.each(ways)('CRC-32C %s', (_name, update) => {
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['one letter', Buffer.from('a'), 0xc1d04330],
    ['the check value', Buffer.from('123456789'), 0xe3069283],
    ['RFC 3720: 32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['RFC 3720: 32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['RFC 3720: ascending', ascending, 0x46dd794e],
    ['RFC 3720: descending', Buffer.from(ascending).reverse(), 0x113fdb5c],
    ['RFC 3720: a READ command', readCommand, 0xd9963a56],
  ])('is what the standard says: %s', (_what, bytes, crc) => {
    expect(~update(-1, bytes, 0, bytes.length) >>> 0).toBe(crc);
  });

  it('equals the definition, wherever the bytes begin and end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(400), fc.nat(400), (bytes, one, other) => {
        const start = Math.min(one, other, bytes.length);
        const end = Math.min(Math.max(one, other), bytes.length);
        expect(~update(-1, bytes, start, end) >>> 0).toBe(bitwise(bytes.subarray(start, end)));
      }),
      fuzzOptions(500),
    );
  });

  it('is the same taken in pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400)), (bytes, cuts) => {
        const marks = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
        let crc = -1;
        let from = 0;
        for (const mark of marks) {
          crc = update(crc, bytes, from, mark);
          from = mark;
        }
        expect(~crc >>> 0).toBe(bitwise(bytes));
      }),
      fuzzOptions(500),
    );
  });

  it.each([49_151, 49_152, 49_153, 98_304, 98_305, 1_048_576 + 7])(
    'takes more bytes than the memory of the module has room for: %i',
    (length) => {
      const bytes = noise(length + 3);
      expect(~update(-1, bytes, 3, length + 3) >>> 0).toBe(bitwise(bytes.subarray(3)));
    },
  );
});

describe('CRC-32C', () => {
  it('covers the given range only', () => {
    expect(crc32c(Buffer.from('xx123456789yy'), 2, 11)).toBe(0xe3069283);
  });

  it('equals the definition on both sides of where WebAssembly begins to pay', () => {
    for (let length = 100; length < 160; length++) {
      expect(crc32c(noise(length))).toBe(bitwise(noise(length)));
    }
  });

  it('is computed in WebAssembly here', () => {
    expect(inWasm).toBeDefined();
  });

  it.each([
    ['WebAssembly', [], 'object'],
    ['JavaScript where there is no WebAssembly', ['--jitless'], 'undefined'],
  ])('is computed, bundled, in %s', async (_what, flags, api) => {
    // Bundled because Node reads TypeScript with WebAssembly itself.
    const program = `
      import { crc32c } from './lib/kafka/record-batch/crc32c.ts';
      console.log(typeof WebAssembly, crc32c(new Uint8Array(1000)));`;
    const bundle = await build({
      stdin: { contents: program, resolveDir: root },
      bundle: true,
      platform: 'node',
      write: false,
    });
    const { stdout } = await run(process.execPath, [...flags, '--eval', bundle.outputFiles[0]?.text ?? '']);
    expect(stdout).toBe(`${api} ${bitwise(new Uint8Array(1000))}\n`);
  });

  it('runs the module that its assembler writes', async () => {
    const script = join(root, 'bin/assemble-crc32c.ts');
    await expect(run(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' });
  });
});

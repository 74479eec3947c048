import { updateByTables } from './crc32c-tables.ts';
import { wasmUpdate } from './crc32c-wasm.ts';

/** Below this many bytes the way into WebAssembly costs more than it saves. */
const smallest = 128;

const updateLarge = wasmUpdate() ?? updateByTables;

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, an unsigned 32-bit number: it guards a record batch. `zlib.crc32` is
 * another polynomial.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const update = end - start < smallest ? updateByTables : updateLarge;
  return ~update(-1, bytes, start, end) >>> 0;
}

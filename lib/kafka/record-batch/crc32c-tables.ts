/** Takes `bytes[start, end)` into a running CRC, which begins and ends inverted. */
export type CrcUpdate = (crc: number, bytes: Uint8Array, start: number, end: number) => number;

/** Castagnoli's, bits reversed. */
const polynomial = 0x82f63b78;

/** What 256 values of a byte do to the CRC, in each table with one more byte behind them. */
export const tableWords = 256;
export const tableCount = 16;

export const crcTables: Uint32Array = buildTables();

function buildTables(): Uint32Array {
  const tables = new Uint32Array(tableCount * tableWords);
  for (let byte = 0; byte < tableWords; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = tableWords; at < tables.length; at++) {
    const before = tables[at - tableWords]!;
    tables[at] = (before >>> 8) ^ tables[before & 255]!;
  }
  return tables;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = Array.from({ length: 8 }, (_, table) =>
  crcTables.subarray(table * tableWords, (table + 1) * tableWords),
) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** In JavaScript, eight bytes at a time: what pays for few bytes, and where there is no WebAssembly. */
export const updateByTables: CrcUpdate = (before, bytes, start, end) => {
  let crc = before;
  let at = start;
  for (const last = end - 8; at <= last; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      t7[low & 255]! ^
      t6[(low >>> 8) & 255]! ^
      t5[(low >>> 16) & 255]! ^
      t4[low >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 255]!;
  return crc;
};

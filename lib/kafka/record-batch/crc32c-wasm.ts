import { crc32cModule } from './crc32c-module.ts';
import { crcTables, type CrcUpdate } from './crc32c-tables.ts';

/** What of WebAssembly is used: neither Node's types nor the language's know it without those of a browser. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** What `bin/assemble-crc32c.ts` exports. The memory never grows, so its buffer stays. */
interface CrcExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly update: (crc: number, at: number, end: number) => number;
}

/**
 * The CRC in WebAssembly, or undefined in a Node that has none (`--jitless`). The module is so small that it is made
 * here and now, in a fraction of a millisecond. Bytes are copied into its memory, a piece at a time: the copy costs
 * a tenth of the sum.
 */
export function wasmUpdate(): CrcUpdate | undefined {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return undefined;
  const instance = new api.Instance(new api.Module(Buffer.from(crc32cModule, 'base64')));
  const { memory, update } = instance.exports as CrcExports;
  fillTables(new DataView(memory.buffer));
  const input = crcTables.byteLength;
  const room = memory.buffer.byteLength - input;
  const memoryBytes = new Uint8Array(memory.buffer);
  return (before, bytes, start, end) => {
    let crc = before;
    for (let at = start; at < end; at += room) {
      const piece = bytes.subarray(at, Math.min(at + room, end));
      memoryBytes.set(piece, input);
      crc = update(crc, input, input + piece.length);
    }
    return crc;
  };
}

/** Word by word, because the order of bytes in the memory is fixed, and in a typed array the processor's. */
function fillTables(memory: DataView): void {
  // An index, not `entries()`, which takes milliseconds of a cold start.
  for (let index = 0; index < crcTables.length; index++) memory.setUint32(4 * index, crcTables[index]!, true);
}

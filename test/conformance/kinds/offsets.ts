import { isDeepStrictEqual } from 'node:util';
import { validateOffsetFormat } from '../../../lib/api/offset-format.ts';
import {
  readOffsetValue,
  StoredPartitions,
  writeOffsetRecord,
} from '../../../lib/converters/offsets-topic.ts';
import {
  type OffsetRequest,
  parseSinkOffsets,
  requestNumber,
} from '../../../lib/coordinator/sink-offset-request.ts';
import { parseExact } from '../../../lib/foundation/json/parse-exact.ts';
import { decodeBase64, decodeValue } from '../codec/decode-value.ts';
import { encodeValue } from '../codec/encode.ts';
import { normalise } from '../compare.ts';
import { type Kind, Unsupported, type VectorCase } from '../vector-case.ts';

interface Bytes {
  readonly text?: string;
  readonly bytes?: string;
}

const operations: Readonly<Record<string, Kind>> = {
  parseSinkOffsets: parseSinkOffsetsOf,
  validateFormat,
  partitionKey,
  writerSerialise,
  serialise: writerSerialise,
};

export function offsets(testCase: VectorCase): unknown {
  const operation = operations[testCase.op ?? ''];
  if (operation === undefined) throw new Unsupported(`offsets op ${testCase.op}`);
  return operation(testCase);
}

function parseSinkOffsetsOf({ line }: VectorCase): unknown {
  const { input } = parseExact(line, requestNumber) as { input: readonly OffsetRequest[] };
  return Object.fromEntries(
    [...parseSinkOffsets(input).values()].map(({ topic, partition, offset }) => [
      `${topic}-${partition}`,
      offset === null ? null : String(offset),
    ]),
  );
}

function validateFormat({ input }: VectorCase): unknown {
  validateOffsetFormat(decodeValue(input, null));
  return 'ok';
}

function writerSerialise({ input }: VectorCase): unknown {
  const { connector, partition, offset } = input as {
    connector: string;
    partition: unknown;
    offset: unknown;
  };
  const { key, value } = writeOffsetRecord(
    connector,
    decodeValue(partition, null),
    decodeValue(offset, null),
  );
  return {
    key: encodeBytes(key),
    value: value && encodeBytes(value),
    readBack: encodeValue(readOffsetValue(value), null),
  };
}

function partitionKey({ input, result }: VectorCase): unknown {
  const {
    key,
    value,
    existing = [],
  } = input as { key: Bytes | null; value: Bytes | null; existing?: Bytes[] };
  const recorded = ('output' in result ? result.output : {}) as Readonly<Record<string, unknown[]>>;
  const partitions = new StoredPartitions();
  for (const each of existing) partitions.apply({ key: decodeBytes(each), value: Buffer.from('{}') });
  partitions.apply({ key: decodeBytes(key), value: decodeBytes(value) });
  return Object.fromEntries(
    [...partitions.byConnector()].map(([name, stored]) => [
      name,
      inOrderOf(
        recorded[name] ?? [],
        stored.map((each) => encodeValue(each, null)),
      ),
    ]),
  );
}

/** Connect keeps them in a hash set, whose order means nothing. */
function inOrderOf(recorded: readonly unknown[], encoded: readonly unknown[]): readonly unknown[] {
  const text = (each: unknown): string => JSON.stringify(normalise(each));
  return isDeepStrictEqual(recorded.map(text).toSorted(), encoded.map(text).toSorted()) ? recorded : encoded;
}

function decodeBytes(bytes: Bytes | null): Uint8Array | null {
  if (bytes === null) return null;
  return bytes.text === undefined ? decodeBase64(bytes.bytes ?? '') : Buffer.from(bytes.text);
}

const encodeBytes = (bytes: Uint8Array): unknown => {
  const buffer = Buffer.from(bytes);
  return { text: buffer.toString('utf8'), bytes: buffer.toString('base64') };
};

import type { WireReader } from './wire-reader.ts';
import type { WireWriter } from './wire-writer.ts';

/** How a value lies on the wire. Message layouts are values of this type, so that one text reads and writes them. */
export interface WireType<T> {
  read(reader: WireReader): T;
  write(writer: WireWriter, value: T): void;
}

export type TypeOf<W> = W extends WireType<infer T> ? T : never;

export const int8: WireType<number> = {
  read: (reader) => reader.int8(),
  write: (writer, value) => writer.int8(value),
};
export const int16: WireType<number> = {
  read: (reader) => reader.int16(),
  write: (writer, value) => writer.int16(value),
};
export const int32: WireType<number> = {
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
};
export const int64: WireType<bigint> = {
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(value),
};
export const boolean: WireType<boolean> = {
  read: (reader) => reader.int8() !== 0,
  write: (writer, value) => writer.int8(value ? 1 : 0),
};

export const nullableString: WireType<string | null> = {
  read: (reader) => {
    const length = reader.int16();
    return length < 0 ? null : reader.string(length);
  },
  write: (writer, value) => (value === null ? writer.int16(-1) : writer.string(value)),
};

export const string: WireType<string> = {
  read: (reader) => nullableString.read(reader) ?? '',
  write: (writer, value) => writer.string(value),
};

/** Read as a view into the frame. */
export const nullableBytes: WireType<Uint8Array | null> = {
  read: (reader) => {
    const length = reader.int32();
    return length < 0 ? null : reader.raw(length);
  },
  write: (writer, value) => {
    writer.int32(value === null ? -1 : value.length);
    if (value !== null) writer.raw(value);
  },
};

const noBytes = Buffer.alloc(0);

/** A record set: batches one after another; an absent one is empty. */
export const recordSet: WireType<readonly Buffer[]> = {
  read: (reader) => {
    const length = reader.int32();
    return length < 0 ? [noBytes] : [reader.raw(length)];
  },
  write: (writer, batches) => {
    let size = 0;
    for (const batch of batches) size += batch.length;
    writer.int32(size);
    for (const batch of batches) writer.raw(batch);
  },
};

export function nullableArray<T>(element: WireType<T>): WireType<readonly T[] | null> {
  return {
    read: (reader) => {
      const length = reader.int32();
      if (length < 0) return null;
      const elements: T[] = [];
      for (let index = 0; index < length; index++) elements.push(element.read(reader));
      return elements;
    },
    write: (writer, elements) => {
      writer.int32(elements === null ? -1 : elements.length);
      for (const value of elements ?? []) element.write(writer, value);
    },
  };
}

export function array<T>(element: WireType<T>): WireType<readonly T[]> {
  const nullable = nullableArray(element);
  return {
    read: (reader) => nullable.read(reader) ?? [],
    write: (writer, elements) => nullable.write(writer, elements),
  };
}

/** Fields in the order of their names in `fields`. */
export function struct<F extends Readonly<Record<string, WireType<unknown>>>>(
  fields: F,
): WireType<{ readonly [K in keyof F]: TypeOf<F[K]> }> {
  type Value = { [K in keyof F]: TypeOf<F[K]> };
  const entries = Object.entries(fields) as [keyof F, WireType<unknown>][];
  return {
    read: (reader) => {
      const value: Partial<Record<keyof F, unknown>> = {};
      for (const [name, type] of entries) value[name] = type.read(reader);
      return value as Value;
    },
    write: (writer, value) => {
      for (const [name, type] of entries) type.write(writer, value[name]);
    },
  };
}

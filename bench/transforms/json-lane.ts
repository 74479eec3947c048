import { each, type Lane } from './worker-lane.ts';

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

/** The limit of any program in JavaScript: the text parsed and written again, and nothing done with it. */
export const jsonLane = (values: readonly Uint8Array[]): Lane =>
  each(values, (bytes) => Buffer.from(JSON.stringify(JSON.parse(textOf(bytes)))).length);

export const parseLane = (values: readonly Uint8Array[]): Lane =>
  each(values, (bytes) => {
    JSON.parse(textOf(bytes));
    return bytes.length;
  });

export const stringifyLane = (values: readonly Uint8Array[]): Lane =>
  each(
    values.map((bytes) => JSON.parse(textOf(bytes)) as unknown),
    (value) => Buffer.from(JSON.stringify(value)).length,
  );

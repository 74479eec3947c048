import type { WireType } from './wire-types.ts';

/** One Kafka API in the one version spoken here: the last before flexible encodings. */
export interface Api<Request, Response> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  readonly request: WireType<Request>;
  readonly response: WireType<Response>;
}

export function api<Request, Response>(
  name: string,
  key: number,
  version: number,
  layouts: { request: WireType<Request>; response: WireType<Response> },
): Api<Request, Response> {
  return { name, key, version, ...layouts };
}

export type RequestOf<A> = A extends Api<infer Request, infer _Response> ? Request : never;
export type ResponseOf<A> = A extends Api<infer _Request, infer Response> ? Response : never;

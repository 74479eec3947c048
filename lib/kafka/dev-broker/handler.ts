import type { Api } from '../protocol/api.ts';
import type { WireReader } from '../protocol/wire-reader.ts';
import type { WireWriter } from '../protocol/wire-writer.ts';
import type { BrokerState } from './broker-state.ts';
import type { FaultAction } from './faults.ts';

/** What a handler knows besides the request. */
export interface RequestContext {
  readonly state: BrokerState;
  /** The node that was asked. */
  readonly nodeId: number;
  /** Aborted when the connection or the broker ends. */
  readonly signal: AbortSignal;
  /** Error code that the request, or every partition of it, is to be answered with; a fault. */
  readonly forcedError: number | undefined;
}

/** `undefined`: no answer is sent, and none is awaited (acks 0). */
export type Handle<Request, Response> = (
  request: Request,
  context: RequestContext,
) => Response | undefined | Promise<Response | undefined>;

/** A handler with its types closed over, so that handlers of all APIs fit one table. */
export interface Handler {
  readonly name: string;
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** Writes the answer's body; false: there is none. */
  answer(reader: WireReader, writer: WireWriter, context: RequestContext): Promise<boolean>;
}

export function handler<Request, Response>(
  api: Api<Request, Response>,
  handle: Handle<Request, Response>,
  minVersion: number = api.version,
): Handler {
  return {
    name: api.name,
    key: api.key,
    minVersion,
    maxVersion: api.version,
    answer: async (reader, writer, context) => {
      const response = await handle(api.request.read(reader), context);
      if (response === undefined) return false;
      api.response.write(writer, response);
      return true;
    },
  };
}

export const forcedErrorOf = (fault: FaultAction | undefined): number | undefined =>
  fault?.kind === 'error' ? fault.code : undefined;

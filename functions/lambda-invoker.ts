import { InvokeCommand, type LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { ConnectError, RetriableError } from '../lib/api/errors.ts';
import type { OffsetsInvoker, WorkerInvoker } from '../lib/coordinator/invoker.ts';
import type { Logger } from '../lib/foundation/logger.ts';
import type { AlterOffsetsResponse, FenceResponse, PlanResponse } from '../lib/worker/protocol.ts';

/** Reaches functions on Lambda: plans are answered, runs and nudges are events. */
export interface LambdaInvoker extends WorkerInvoker, OffsetsInvoker {
  /** Has the coordinator look at one connector now instead of at the next tick. Never throws: the tick comes anyway. */
  nudge(coordinator: string, connector: string): Promise<void>;
}

export function lambdaInvoker(client: LambdaClient, log: Logger): LambdaInvoker {
  const invoke = async (
    functionName: string,
    type: 'RequestResponse' | 'Event',
    payload: object,
  ): Promise<InvokeCommandOutput> => {
    try {
      return await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: type,
          Payload: JSON.stringify(payload),
        }),
      );
    } catch (error) {
      throw invokeError(functionName, error);
    }
  };
  const ask = async (functionName: string, request: object): Promise<unknown> => {
    const answer = await invoke(functionName, 'RequestResponse', request);
    const text = answer.Payload?.transformToString() ?? '';
    if (answer.FunctionError !== undefined) throw functionError(functionName, text);
    return JSON.parse(text);
  };
  return {
    plan: async ({ functionName }, request) => (await ask(functionName, request)) as PlanResponse,
    fence: async ({ functionName }, request) => (await ask(functionName, request)) as FenceResponse,
    alterOffsets: async ({ functionName }, request) =>
      (await ask(functionName, request)) as AlterOffsetsResponse,
    async run({ functionName }, request) {
      await invoke(functionName, 'Event', request);
    },
    async nudge(coordinator, connector) {
      try {
        await invoke(coordinator, 'Event', { connectors: [connector] });
      } catch (error) {
        log.warn('coordinator could not be nudged', { connector, error: String(error) });
      }
    },
  };
}

/** The function ended without an answer: killed at its timeout, out of memory, or failed to start. */
function functionError(functionName: string, payload: string): RetriableError {
  return new RetriableError(
    `Function ${functionName} failed instead of answering: ${payload.slice(0, 1_000)}`,
    {
      hint: `Look into log group /aws/lambda/${functionName}. A timeout or lack of memory is mended with the connector's timeout and memorySize.`,
    },
  );
}

function invokeError(functionName: string, thrown: unknown): ConnectError {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const text = `Function ${functionName} could not be invoked: ${message}`;
  const hint = hints[name];
  if (hint !== undefined) return new ConnectError(text, { cause: thrown, hint });
  return new RetriableError(text, {
    cause: thrown,
    hint: 'A throttle or an outage: it is tried again at the next tick.',
  });
}

const hints: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    "The connector's function was deleted or renamed: deploy the stack again, or delete the connector.",
  AccessDeniedException: "The coordinator's role lacks lambda:InvokeFunction on it: deploy the stack again.",
  InvalidParameterValueException: 'Deploy the stack again.',
};

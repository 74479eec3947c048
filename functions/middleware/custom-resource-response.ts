import type middy from '@middy/core';
import { describeError } from '../../lib/errors/describe-error.ts';

/** What CloudFormation sends to the function behind a custom resource. */
export interface CustomResourceRequest<P> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Absent with Create. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: P;
}

export type SendResponse = (url: string, body: string) => Promise<void>;

interface Options<P> {
  /** Another id after an Update makes CloudFormation delete the old resource. */
  readonly physicalId: (properties: P) => string;
  /** Default: HTTP PUT to the presigned URL. */
  readonly send?: SendResponse;
}

/** CloudFormation cuts a response at 4 KB. */
const maxReason = 2_000;

/**
 * The protocol of custom resources: the answer goes to the URL in the request. Without one the stack hangs for an
 * hour, so a failure is an answer too.
 */
export function customResourceResponse<P>({
  physicalId,
  send = put,
}: Options<P>): middy.MiddlewareObj<CustomResourceRequest<P>, null> {
  const respond = async (event: CustomResourceRequest<P>, error?: unknown): Promise<null> => {
    const {
      StackId,
      RequestId,
      LogicalResourceId,
      ResponseURL,
      PhysicalResourceId,
      RequestType,
      ResourceProperties,
    } = event;
    const id = physicalId(ResourceProperties);
    const answer =
      error === undefined
        ? {
            Status: 'SUCCESS',
            PhysicalResourceId: RequestType === 'Delete' ? (PhysicalResourceId ?? id) : id,
          }
        : // CloudFormation deletes what it failed to create: under this id there is nothing to delete.
          {
            Status: 'FAILED',
            PhysicalResourceId: PhysicalResourceId ?? `${id} (not created)`,
            Reason: describeError(error).slice(0, maxReason),
          };
    await send(ResponseURL, JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId }));
    return null;
  };
  return {
    after: ({ event }) => respond(event),
    // The null is the function's response: an error thrown on would have Lambda repeat what has been answered.
    onError: ({ event, error }) => respond(event, error),
  };
}

const put: SendResponse = async (url, body) => {
  const answer = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!answer.ok)
    throw new Error(`CloudFormation did not take the response: ${answer.status} ${await answer.text()}`);
};

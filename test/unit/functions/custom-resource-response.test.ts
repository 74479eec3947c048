import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  customResourceResponse,
  type CustomResourceRequest,
} from '../../../functions/middleware/custom-resource-response.ts';
import { ConfigError } from '../../../lib/api/errors.ts';

interface Properties {
  readonly Name: string;
}

const request: CustomResourceRequest<Properties> = {
  RequestType: 'Create',
  ResponseURL: 'https://answer.example/here',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Orders',
  ResourceProperties: { Name: 'orders' },
};
const ids = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Orders' };

async function answer(event: CustomResourceRequest<Properties>, work: () => Promise<void>): Promise<unknown> {
  const sent: { url: string; body: unknown }[] = [];
  const send = async (url: string, body: string): Promise<void> =>
    void sent.push({ url, body: JSON.parse(body) });
  const handler = middy<CustomResourceRequest<Properties>, null>()
    .use(customResourceResponse<Properties>({ physicalId: ({ Name }) => Name, send }))
    .handler(async () => {
      await work();
      return null;
    });
  await handler(event, {} as Context);
  expect(sent.map(({ url }) => url)).toEqual([event.ResponseURL]);
  return sent[0]?.body;
}

const succeed = async (): Promise<void> => undefined;
const fail = async (): Promise<void> => {
  throw new ConfigError('tasks.max is wrong', { hint: 'Give 1 or more.' });
};

describe('the answer to CloudFormation', () => {
  it('names what was created', async () => {
    expect(await answer(request, succeed)).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'orders',
      ...ids,
    });
  });

  it('gives a renamed resource a new id, so that the old one is deleted', async () => {
    const update = { ...request, RequestType: 'Update', PhysicalResourceId: 'old' } as const;
    expect(await answer(update, succeed)).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'orders',
      ...ids,
    });
  });

  it('keeps the id of what is deleted', async () => {
    const remove = { ...request, RequestType: 'Delete', PhysicalResourceId: 'old' } as const;
    expect(await answer(remove, succeed)).toEqual({ Status: 'SUCCESS', PhysicalResourceId: 'old', ...ids });
  });

  it('tells a failure with what to do about it, and is not an error of the function', async () => {
    const update = { ...request, RequestType: 'Update', PhysicalResourceId: 'orders' } as const;
    expect(await answer(update, fail)).toEqual({
      Status: 'FAILED',
      Reason: expect.stringMatching(/tasks\.max is wrong[\s\S]*Give 1 or more/),
      PhysicalResourceId: 'orders',
      ...ids,
    });
  });

  it('gives what was not created an id under which nothing will be deleted', async () => {
    expect(await answer(request, fail)).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'orders (not created)',
    });
  });
});

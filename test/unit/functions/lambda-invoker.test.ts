import { type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createLogger, type LogLine, silentLogger } from '../../../lib/foundation/logger.ts';
import { lambdaInvoker } from '../../../functions/lambda-invoker.ts';

const worker = { functionName: 'shop-orders', version: 'v1' };
const plan = { op: 'plan', connector: 'orders', configVersion: 3 } as const;

/** A client whose requests end here: answered with `answer`, or failed with it. */
function client(answer: object): { client: LambdaClient; sent: InvokeCommandInput[] } {
  const sent: InvokeCommandInput[] = [];
  const lambda = new LambdaClient({ region: 'us-east-1' });
  lambda.middlewareStack.add(
    () => async (args) => {
      sent.push(args.input as InvokeCommandInput);
      if (answer instanceof Error) throw answer;
      return { response: {}, output: { $metadata: {}, ...answer } };
    },
    { step: 'initialize' },
  );
  return { client: lambda, sent };
}

const payload = (value: unknown) => ({ Payload: { transformToString: () => JSON.stringify(value) } });
const failure = (name: string): Error => Object.assign(new Error(`${name} happened`), { name });

describe('invoking functions', () => {
  it('waits for the answer to a plan', async () => {
    const answer = { ok: true, type: 'source', tasks: [{ table: 'orders' }] };
    const { client: lambda, sent } = client(payload(answer));
    expect(await lambdaInvoker(lambda, silentLogger).plan(worker, plan)).toEqual(answer);
    expect(sent).toEqual([
      { FunctionName: 'shop-orders', InvocationType: 'RequestResponse', Payload: JSON.stringify(plan) },
    ]);
  });

  it('hands runs and nudges over as events', async () => {
    const { client: lambda, sent } = client({});
    const run = { op: 'run', connector: 'orders', task: 0, epoch: 9 } as const;
    await lambdaInvoker(lambda, silentLogger).run(worker, run);
    await lambdaInvoker(lambda, silentLogger).nudge('shop-coordinator', 'orders');
    expect(sent).toEqual([
      { FunctionName: 'shop-orders', InvocationType: 'Event', Payload: JSON.stringify(run) },
      { FunctionName: 'shop-coordinator', InvocationType: 'Event', Payload: '{"connectors":["orders"]}' },
    ]);
  });

  it('asks for a retry, and names the log group, when the function dies', async () => {
    const { client: lambda } = client({
      FunctionError: 'Unhandled',
      ...payload({ errorMessage: 'Task timed out after 900 seconds' }),
    });
    await expect(lambdaInvoker(lambda, silentLogger).plan(worker, plan)).rejects.toMatchObject({
      message: expect.stringContaining('Task timed out'),
      hint: expect.stringContaining('/aws/lambda/shop-orders'),
      retriable: true,
    });
  });

  it.each([
    ['TooManyRequestsException', true],
    ['ServiceException', true],
    ['TimeoutError', true],
    ['ResourceNotFoundException', false],
    ['AccessDeniedException', false],
  ])('tells what passes from what must be mended: %s', async (name, retriable) => {
    const { client: lambda } = client(failure(name));
    await expect(lambdaInvoker(lambda, silentLogger).plan(worker, plan)).rejects.toMatchObject({
      retriable,
      hint: expect.any(String),
    });
  });

  it('does not fail over a nudge that cannot be sent, but logs it', async () => {
    const lines: LogLine[] = [];
    const { client: lambda } = client(failure('TooManyRequestsException'));
    await lambdaInvoker(
      lambda,
      createLogger((line) => lines.push(line)),
    ).nudge('shop-coordinator', 'orders');
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', connector: 'orders' })]);
  });
});

/** A process that does what Lambda's runtime does: loads a bundle, then handles the events it is sent. */
interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly timeoutMs: number;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

const { handler } = (await import(process.argv[2] ?? '')) as { handler: Handler };

process.on('message', ({ id, event, timeoutMs }: Invocation) => {
  const deadline = Date.now() + timeoutMs;
  const context = {
    awsRequestId: `request-${id}`,
    logGroupName: 'group',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  handler(event, context).then(
    (result) => process.send?.({ id, result: result ?? null }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.send?.({ ready: true });

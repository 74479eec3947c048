import { describe, expect, it } from 'vitest';
import { ConnectError, DataError, RetriableError } from '../../../lib/api/errors.ts';
import { asRetriable, isOutage } from '../../../lib/errors/outage.ts';

const withCode = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('an outage', () => {
  it.each<[string, unknown]>([
    ['a RetriableError', new RetriableError('busy')],
    ['any retriable ConnectError', new ConnectError('leader moved', { retriable: true })],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a name that cannot be looked up for the moment', withCode('EAI_AGAIN')],
    ['a timeout of fetch', Object.assign(new Error('aborted'), { name: 'TimeoutError' })],
    ['a throttled AWS call', Object.assign(new Error('slow down'), { $retryable: { throttling: true } })],
    ['a server error of AWS', Object.assign(new Error('oops'), { $metadata: { httpStatusCode: 503 } })],
    [
      'an unclassified error caused by one',
      new ConnectError('lookup failed', { cause: withCode('ECONNRESET') }),
    ],
    ['fetch failed', new TypeError('fetch failed', { cause: withCode('ENOTFOUND') })],
  ])('is %s', (_, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a DataError', new DataError('not a number')],
    ['a DataError, whatever caused it', new DataError('bad', { cause: withCode('ECONNREFUSED') })],
    ['a bug', new TypeError('x is undefined')],
    ['a refusal of AWS', Object.assign(new Error('denied'), { $metadata: { httpStatusCode: 403 } })],
    ['text', 'ECONNREFUSED'],
  ])('is not %s', (_, error) => {
    expect(isOutage(error)).toBe(false);
  });

  it('looks at a chain of causes that ends in itself only so far', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(isOutage(error)).toBe(false);
  });

  it('becomes a retriable error that keeps what happened as its cause', () => {
    const cause = withCode('ECONNREFUSED');
    expect(asRetriable(cause, 'The sink cannot write')).toMatchObject({ retriable: true, cause });
    const already = new RetriableError('busy');
    expect(asRetriable(already, 'The sink cannot write')).toBe(already);
  });
});

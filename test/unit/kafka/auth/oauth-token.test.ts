import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oauthClientCredentials } from '../../../../lib/kafka/auth/oauth-token.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe('OAuth client credentials', () => {
  const requests: { readonly login: string; readonly body: string }[] = [];
  let answers: Answer[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      requests.push({ login: request.headers.authorization ?? '', body });
      const answer = answers.shift() ?? { status: 500, body: 'no more answers' };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  let tokenEndpoint = '';

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    tokenEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  beforeEach(() => {
    requests.length = 0;
  });
  afterAll(() => server.close());

  const tokens = (scope?: string, clock = new VirtualClock()): (() => Promise<string>) => {
    const sasl = oauthClientCredentials(
      { tokenEndpoint, clientId: 'shop', clientSecret: 's3cret', scope },
      clock,
    );
    if (sasl.mechanism !== 'oauthbearer') throw new Error('the token goes over OAUTHBEARER');
    return sasl.token;
  };
  const issued = (value: string, more: object = {}): Answer => ({
    status: 200,
    body: JSON.stringify({ access_token: value, token_type: 'Bearer', ...more }),
  });

  it('ask for a token in the name of the client, for its scope', async () => {
    answers = [issued('abc', { expires_in: 600 })];
    expect(await tokens('kafka')()).toBe('abc');
    expect(requests).toEqual([
      {
        login: `Basic ${Buffer.from('shop:s3cret').toString('base64')}`,
        body: 'grant_type=client_credentials&scope=kafka',
      },
    ]);
  });

  it('ask again before the token expires', async () => {
    const clock = new VirtualClock();
    answers = [issued('first', { expires_in: 100 }), issued('second')];
    const token = tokens(undefined, clock);
    expect(await token()).toBe('first');
    await clock.advance(79_000);
    expect(await token()).toBe('first');
    await clock.advance(1_000);
    expect(await token()).toBe('second');
    await clock.advance(239_000);
    expect(await token()).toBe('second');
  });

  it.each([
    [400, '{"error":"invalid_scope"}', false, 'HTTP 400 invalid_scope'],
    [
      401,
      '{"error":"invalid_client","error_description":"unknown"}',
      false,
      'HTTP 401 invalid_client, unknown',
    ],
    [200, '{}', false, 'HTTP 200'],
    [200, 'null', false, 'HTTP 200'],
    [429, '', true, 'HTTP 429'],
    [503, '<html>', true, 'HTTP 503'],
  ])(
    'that get answer %i %s fail, for good or not, with what to check',
    async (status, body, retriable, message) => {
      answers = [{ status, body }];
      await expect(tokens()()).rejects.toMatchObject({
        retriable,
        message: expect.stringContaining(message),
        hint: expect.stringContaining('secret of the client'),
      });
    },
  );

  it('that reach nobody can be tried again', async () => {
    const sasl = oauthClientCredentials({
      tokenEndpoint: 'http://127.0.0.1:1/',
      clientId: 'shop',
      clientSecret: 's3cret',
    });
    await expect(sasl.mechanism === 'oauthbearer' && sasl.token()).rejects.toMatchObject({
      retriable: true,
      message: expect.not.stringContaining('s3cret'),
      hint: expect.stringContaining('NAT gateway'),
    });
  });

  it.each(['http://login.example.com/token', 'login.example.com', ''])(
    'are not sent to what is no https URL: "%s"',
    (endpoint) => {
      expect(() =>
        oauthClientCredentials({ tokenEndpoint: endpoint, clientId: 'shop', clientSecret: 's3cret' }),
      ).toThrow('is not an https URL');
    },
  );
});

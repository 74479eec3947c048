import { beforeEach, describe, expect, it } from 'vitest';
import { reauthenticationThresholdMs, signIn } from '../../../../../lib/kafka/client/sasl/sign-in.ts';
import type { SaslOptions } from '../../../../../lib/kafka/ports.ts';
import type { Api } from '../../../../../lib/kafka/protocol/api.ts';
import { VirtualClock } from '../../../../../lib/testing/virtual-clock.ts';

const random = { next: () => 0, token: () => 'nonce' };
const ann = { username: 'ann', password: 'sesame' };

/** What the broker answers to the handshake, then to each message. */
type Answer = Readonly<Record<string, unknown>>;
const handsShaken: Answer = { errorCode: 0, mechanisms: ['PLAIN'] };
const challenged = (text: string, sessionLifetimeMs = 0n): Answer => ({
  errorCode: 0,
  errorMessage: null,
  authBytes: Buffer.from(text),
  sessionLifetimeMs,
});
const refused = (errorMessage: string | null, errorCode = 58): Answer => ({
  ...challenged(''),
  errorCode,
  errorMessage,
});

describe('signing in', () => {
  let clock: VirtualClock;
  let asked: unknown[];

  beforeEach(() => {
    clock = new VirtualClock();
    asked = [];
  });

  const signInTo = (sasl: SaslOptions, answers: readonly Answer[]): Promise<number> =>
    signIn(sasl, {
      broker: 'b:1',
      clock,
      random,
      ask: async <Request, Response>(api: Api<Request, Response>, request: Request) => {
        const { authBytes } = request as { authBytes?: Uint8Array };
        const text = authBytes === undefined ? request : Buffer.from(authBytes).toString();
        const answer = answers[asked.push([api.name, text]) - 1];
        if (answer === undefined) throw new Error(`${api.name} was not expected`);
        return answer as Response;
      },
    });

  it('with PLAIN says who one is in one message', async () => {
    const renewAt = await signInTo({ mechanism: 'plain', ...ann }, [handsShaken, challenged('')]);
    expect(renewAt).toBe(Number.POSITIVE_INFINITY);
    expect(asked).toEqual([
      ['SaslHandshake', { mechanism: 'PLAIN' }],
      ['SaslAuthenticate', '\0ann\0sesame'],
    ]);
  });

  it('tells when the session is to be renewed, counted from when it was asked for', async () => {
    const renewAt = await signInTo({ mechanism: 'plain', ...ann }, [handsShaken, challenged('', 100_000n)]);
    expect(renewAt).toBe(clock.now() + 95_000);
  });

  it('with a mechanism that is not enabled lists those that are', async () => {
    const answers = [{ errorCode: 33, mechanisms: ['PLAIN', 'OAUTHBEARER'] }];
    await expect(signInTo({ mechanism: 'scram-sha-512', ...ann }, answers)).rejects.toMatchObject({
      kafkaName: 'UNSUPPORTED_SASL_MECHANISM',
      retriable: false,
      message:
        'Broker b:1 refused to sign in: SCRAM-SHA-512 is not enabled on its listener, which has PLAIN, OAUTHBEARER',
    });
  });

  it('at a listener without SASL says so', async () => {
    const answers = [{ errorCode: 34, mechanisms: [] }];
    await expect(signInTo({ mechanism: 'plain', ...ann }, answers)).rejects.toMatchObject({
      kafkaName: 'ILLEGAL_SASL_STATE',
      retriable: false,
      message: 'Broker b:1 refused to sign in: its listener has no SASL',
      hint: expect.stringContaining('security.protocol'),
    });
  });

  it.each([
    ['in its words', refused('Invalid username or password'), 'Invalid username or password'],
    ['by the name of the error, where it has none', refused(null), 'SASL_AUTHENTICATION_FAILED'],
    ['by its number, where that is not known', refused('', 4_711), 'error 4711'],
  ])('tells what the broker refuses it with, %s', async (_, answer, words) => {
    await expect(signInTo({ mechanism: 'plain', ...ann }, [handsShaken, answer])).rejects.toMatchObject({
      retriable: false,
      message: `Broker b:1 refused to sign in: ${words}`,
    });
  });

  describe('with a token', () => {
    const oauth = (token: () => Promise<string>): SaslOptions => ({
      mechanism: 'oauthbearer',
      token,
      refusedHint: 'Check the issuer.',
    });

    it('sends it as RFC 7628 has it', async () => {
      await signInTo(
        oauth(async () => 'abc'),
        [handsShaken, challenged('')],
      );
      expect(asked[1]).toEqual(['SaslAuthenticate', 'n,,\x01auth=Bearer abc\x01\x01']);
    });

    it.each([
      ['with a challenge and then an error', [challenged('{"status":"x"}'), refused('expired')], 'expired'],
      ['with a challenge alone', [challenged('{"status":"x"}'), challenged('')], '{"status":"x"}'],
      ['with an error', [refused('no issuer')], 'no issuer'],
    ])('that the broker refuses %s fails for good, with what to check', async (_, answers, words) => {
      const failing = signInTo(
        oauth(async () => 'abc'),
        [handsShaken, ...answers],
      );
      await expect(failing).rejects.toMatchObject({
        kafkaName: 'SASL_AUTHENTICATION_FAILED',
        retriable: false,
        message: `Broker b:1 refused to sign in: ${words}`,
        hint: 'Check the issuer.',
      });
    });

    it('that cannot be had fails with the reason', async () => {
      const token = async (): Promise<string> => {
        throw new Error('no way to the issuer');
      };
      await expect(signInTo(oauth(token), [handsShaken])).rejects.toThrow('no way to the issuer');
    });
  });
});

describe('a session is renewed', () => {
  it.each([
    [0, 150],
    [0.5, 300],
    [0.999, 450],
  ])('when 85 to 95 percent of it are over, at whole milliseconds (random %d)', (next, before) => {
    const sessionMs = 2_999;
    expect(reauthenticationThresholdMs(sessionMs, { next: () => next, token: () => '' })).toBe(before);
  });
});

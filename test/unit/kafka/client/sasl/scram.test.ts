import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scram, type ScramHash } from '../../../../../lib/kafka/client/sasl/scram.ts';
import { ScramServer } from './scram-server.ts';

/** RFC 7677, section 3. */
const published = {
  login: { username: 'user', password: 'pencil', nonce: 'rOprNGfwEbeRWgbNEkqO' },
  said: [
    'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  ],
  heard: [
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  ],
} as const;

/** Runs the exchange with SHA-256 against a broker that says just that. Answers what was said to it. */
async function exchange(heard: readonly string[], login = published.login): Promise<string[]> {
  const said: string[] = [];
  const respond = async (message: string): Promise<string> => heard[said.push(message) - 1] ?? '';
  await scram('sha256', login, { broker: 'b:1', respond });
  return said;
}

describe('SCRAM', () => {
  it('says what RFC 7677 says, and believes the broker of its example', async () => {
    expect(await exchange(published.heard)).toEqual(published.said);
  });

  it.each(['sha256', 'sha512'] as const)(
    'is understood by a broker that keeps only keys (%s), whatever name and password',
    async (hash: ScramHash) => {
      const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
      const anyLogin = fc.record({ username: fc.oneof(text, fc.constant('a=2C,b=,,=')), password: text });
      const salt = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
      await fc.assert(
        fc.asyncProperty(anyLogin, salt, async ({ username, password }, someSalt) => {
          const user = { username, password, salt: someSalt, iterations: 4_096 };
          const server = new ScramServer(hash, user, 'server-nonce');
          const peer = { broker: 'b:1', respond: async (message: string) => server.respond(message) };
          const login = { username, password, nonce: 'client-nonce' };
          await expect(scram(hash, login, peer)).resolves.toBeUndefined();
        }),
        { numRuns: 20 },
      );
    },
  );

  const [challenge, proven] = published.heard;
  it.each([
    ['whose nonce is not ours', [challenge.replace('r=rOpr', 'r=rOpq'), proven], 'its nonce'],
    ['whose nonce is only ours', [challenge.replace(/%[^,]*/, ''), proven], 'its nonce'],
    ['that asks for few iterations', [challenge.replace('4096', '4095'), proven], '4095 iterations'],
    ['that asks for too many iterations', [challenge.replace('4096', '99999999'), proven], '99999999 iter'],
    [
      'that asks for no number of iterations',
      [challenge.replace('4096', '4096x'), proven],
      '4096x iterations',
    ],
    ['that tells no iterations', [challenge.replace(',i=4096', ''), proven], 'no iterations'],
    ['that sends no salt', [challenge.replace(/s=[^,]+/, 's='), proven], 'no salt'],
    ['that wants an extension', [`m=x,${challenge}`, proven], 'extension'],
    ['that does not know the password', [challenge, proven.replace('6rri', '7rri')], 'did not prove'],
    ['whose proof is cut', [challenge, proven.slice(0, 20)], 'did not prove'],
    ['that proves nothing', [challenge, ''], 'did not prove'],
    ['that says what is wrong', [challenge, 'e=invalid-proof'], 'invalid-proof'],
  ])('does not trust a broker %s', async (_, heard, words) => {
    await expect(exchange(heard)).rejects.toMatchObject({
      kafkaName: 'SASL_AUTHENTICATION_FAILED',
      retriable: false,
      message: expect.stringContaining(words),
    });
  });

  it('never proves anything to a broker that it does not trust', async () => {
    const said: string[] = [];
    const peer = {
      broker: 'b:1',
      respond: async (message: string) => {
        said.push(message);
        return challenge.replace('4096', '1');
      },
    };
    await expect(scram('sha256', published.login, peer)).rejects.toThrow('1 iterations');
    expect(said).toEqual([published.said[0]]);
  });
});

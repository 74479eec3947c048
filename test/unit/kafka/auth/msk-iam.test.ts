import { describe, expect, it } from 'vitest';
import { mskIam, type MskIamOptions } from '../../../../lib/kafka/auth/msk-iam.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';

const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });

async function urlOf(options: MskIamOptions): Promise<URL> {
  const sasl = mskIam({ credentials, clock: new VirtualClock(), ...options });
  if (sasl.mechanism !== 'oauthbearer') throw new Error('MSK takes the token over OAUTHBEARER');
  return new URL(Buffer.from(await sasl.token(), 'base64url').toString());
}

describe('signing in to Amazon MSK with IAM', () => {
  it.each([
    ['b-1.shop.abc123.c2.kafka.eu-west-1.amazonaws.com:9098', 'kafka.eu-west-1.amazonaws.com'],
    ['boot-abc123.c2.kafka-serverless.us-east-2.amazonaws.com:9098', 'kafka.us-east-2.amazonaws.com'],
    ['b-1-public.shop.abc123.c2.kafka.ap-south-1.amazonaws.com:9198', 'kafka.ap-south-1.amazonaws.com'],
    ['b-1.shop.abc123.c2.kafka.cn-north-1.amazonaws.com.cn:9098', 'kafka.cn-north-1.amazonaws.com.cn'],
  ])('is for the region of the brokers, wherever it runs: %s', async (server, host) => {
    expect((await urlOf({ bootstrapServers: [server], region: 'sa-east-1' })).host).toBe(host);
  });

  it('is for the region given when the brokers have names of their own', async () => {
    const url = await urlOf({ bootstrapServers: ['kafka.example.com:9098'], region: 'eu-north-1' });
    expect(url.host).toBe('kafka.eu-north-1.amazonaws.com');
  });

  it('without a region is refused with what to set', () => {
    expect(() => mskIam({ bootstrapServers: ['kafka.example.com:9098'], credentials })).toThrow(
      expect.objectContaining({ code: 'CONFIG', hint: expect.stringContaining('AWS_REGION') }),
    );
  });

  it('asks for credentials with each token, not with each sign-in', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    const sasl = mskIam({
      bootstrapServers: ['b:9098'],
      region: 'eu-west-1',
      clock,
      credentials: () => (asked++, credentials()),
    });
    if (sasl.mechanism !== 'oauthbearer') throw new Error('MSK takes the token over OAUTHBEARER');
    const first = await sasl.token();
    await clock.advance(10 * 60_000);
    expect(await sasl.token()).toBe(first);
    await clock.advance(5 * 60_000);
    expect(await sasl.token()).not.toBe(first);
    expect(asked).toBe(2);
  });
});

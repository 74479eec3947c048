import { describe, expect, it } from 'vitest';
import { mskIamToken } from '../../../../lib/kafka/auth/msk-iam-token.ts';
import { emptyPayload, signatureOf, signingKey } from './sigv4.ts';

const now = Date.UTC(2015, 7, 30, 12, 36, 0);
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey };
const sessionToken = 'IQoJb3JpZ2luX2VjEA==/with+signs&such=%20';

async function urlOf(region: string, given: { readonly sessionToken?: string } = {}): Promise<URL> {
  const { value } = await mskIamToken({ region, credentials: { ...credentials, ...given }, now });
  expect(value).toMatch(/^[A-Za-z0-9_-]+$/);
  return new URL(Buffer.from(value, 'base64url').toString('utf8'));
}

const parametersOf = (url: URL): string[] => url.search.slice(1).split('&');

/** The tests' own Signature Version 4 must be right before anything is measured by it. */
describe('the Signature Version 4 of the tests', () => {
  it('derives the key of the example in the AWS documentation', () => {
    const key = signingKey(secretAccessKey, '20150830', 'us-east-1', 'iam');
    expect(key.toString('hex')).toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9');
  });

  it('signs the presigned URL of the example in the Amazon S3 documentation', () => {
    const presigned = {
      host: 'examplebucket.s3.amazonaws.com',
      path: '/test.txt',
      query: [
        'X-Amz-Algorithm=AWS4-HMAC-SHA256',
        'X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request',
        'X-Amz-Date=20130524T000000Z',
        'X-Amz-Expires=86400',
        'X-Amz-SignedHeaders=host',
      ],
      payloadHash: 'UNSIGNED-PAYLOAD',
    };
    expect(signatureOf(presigned, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });
});

describe('the token for Amazon MSK', () => {
  it.each([
    ['eu-west-1', 'kafka.eu-west-1.amazonaws.com'],
    ['us-gov-west-1', 'kafka.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'kafka.cn-north-1.amazonaws.com.cn'],
  ])('is a URL of the endpoint in %s', async (region, host) => {
    const url = await urlOf(region);
    expect(url).toMatchObject({ protocol: 'https:', host, pathname: '/' });
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `AKIDEXAMPLE/20150830/${region}/kafka-cluster/aws4_request`,
      'X-Amz-Date': '20150830T123600Z',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'User-Agent': 'sluice',
    });
  });

  it.each([
    ['lasting credentials', {}],
    ['a session', { sessionToken }],
  ])('is signed, without the User-Agent, for %s', async (_, given) => {
    const url = await urlOf('eu-west-1', given);
    const query = parametersOf(url).filter((text) => !/^(X-Amz-Signature|User-Agent)=/.test(text));
    const expected = signatureOf(
      { host: url.host, path: '/', query, payloadHash: emptyPayload },
      secretAccessKey,
    );
    expect(url.searchParams.get('X-Amz-Signature')).toBe(expected);
  });

  it('carries the session token, encoded', async () => {
    const url = await urlOf('eu-west-1', { sessionToken });
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe(sessionToken);
    expect(parametersOf(url)).toContain(
      'X-Amz-Security-Token=IQoJb3JpZ2luX2VjEA%3D%3D%2Fwith%2Bsigns%26such%3D%2520',
    );
  });

  it.each([
    ['lives for 15 minutes', undefined, 900_000],
    ['ends with the credentials', new Date(now + 60_000), 60_000],
    ['of credentials that outlive it lives for 15 minutes', new Date(now + 3_600_000), 900_000],
  ])('%s', async (_, expiration, life) => {
    const given = expiration === undefined ? credentials : { ...credentials, expiration };
    const token = await mskIamToken({ region: 'eu-west-1', credentials: given, now });
    expect(token).toMatchObject({ issuedAt: now, expiresAt: now + life });
  });
});

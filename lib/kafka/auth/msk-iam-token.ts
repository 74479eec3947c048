import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { IssuedToken } from './cached-token.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Absent: they do not expire. */
  readonly expiration?: Date;
}

export interface TokenRequest {
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The longest life Amazon MSK accepts. */
const lifeSeconds = 900;

/**
 * The OAUTHBEARER token of Amazon MSK's IAM access control: a URL of the action `kafka-cluster:Connect`, presigned
 * with Signature Version 4, in base64url without padding. The broker has IAM check signature and policy. The
 * User-Agent is for AWS's statistics and, as in AWS's own signers, not signed.
 */
export async function mskIamToken({ region, credentials, now }: TokenRequest): Promise<IssuedToken> {
  const hostname = `kafka.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const signer = new SignatureV4({ service: 'kafka-cluster', region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      headers: { host: hostname },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn: lifeSeconds, signingDate: new Date(now) },
  );
  const parameters = Object.entries({ ...query, 'User-Agent': 'sluice' }).map(
    ([name, value]) => `${escape(name)}=${escape(String(value))}`,
  );
  const url = `https://${hostname}/?${parameters.join('&')}`;
  const expiresAt = now + lifeSeconds * 1_000;
  return {
    value: Buffer.from(url).toString('base64url'),
    issuedAt: now,
    expiresAt: Math.min(expiresAt, credentials.expiration?.getTime() ?? expiresAt),
  };
}

/** RFC 3986, as Signature Version 4 wants it. */
const escape = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

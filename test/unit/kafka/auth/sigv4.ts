import { createHash, createHmac } from 'node:crypto';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The signing key of Signature Version 4, step by step as AWS's documentation has it. */
export function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  return [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, date));
}

export interface Presigned {
  readonly host: string;
  readonly path: string;
  /** Still encoded, without the signature. */
  readonly query: readonly string[];
  readonly payloadHash: string;
}

/** What X-Amz-Signature must be. Date, region and service are read from X-Amz-Credential. */
export function signatureOf({ host, path, query, payloadHash }: Presigned, secret: string): string {
  const parameters = new URLSearchParams(query.join('&'));
  const [, date = '', region = '', service = ''] = (parameters.get('X-Amz-Credential') ?? '').split('/');
  const canonical = ['GET', path, query.toSorted().join('&'), `host:${host}\n`, 'host', payloadHash].join(
    '\n',
  );
  const toSign = [
    'AWS4-HMAC-SHA256',
    parameters.get('X-Amz-Date'),
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join('\n');
  return hmac(signingKey(secret, date, region, service), toSign).toString('hex');
}

export const emptyPayload = sha256('');

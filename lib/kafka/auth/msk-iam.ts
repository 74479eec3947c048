import { ConfigError } from '../../api/errors.ts';
import { type Clock, systemClock } from '../../foundation/clock.ts';
import type { SaslOptions } from '../ports.ts';
import { awsCredentials, type CredentialSource } from './aws-credentials.ts';
import { cachedToken } from './cached-token.ts';
import { mskIamToken } from './msk-iam-token.ts';

export interface MskIamOptions {
  readonly bootstrapServers: readonly string[];
  /** For brokers whose names do not tell their region, such as those behind names of one's own. */
  readonly region?: string | undefined;
  /** Of the AWS SDK's config files. */
  readonly profile?: string | undefined;
  readonly clock?: Clock;
  readonly credentials?: CredentialSource;
}

/** Sign-in by an AWS identity, for the listeners of Amazon MSK that take IAM. Throws ConfigError for no region. */
export function mskIam(options: MskIamOptions): SaslOptions {
  const { bootstrapServers, clock = systemClock, credentials = awsCredentials(options.profile) } = options;
  const region = regionOf(bootstrapServers) ?? options.region;
  if (region === undefined) {
    throw new ConfigError(`The region of the Kafka cluster is not known: ${bootstrapServers.join(', ')}`, {
      hint: 'Set AWS_REGION, or use the names that `aws kafka get-bootstrap-brokers` prints.',
    });
  }
  const issue = async () => mskIamToken({ region, credentials: await credentials(), now: clock.now() });
  return {
    mechanism: 'oauthbearer',
    token: cachedToken(issue, clock),
    refusedHint:
      'Check that the role or user may kafka-cluster:Connect to this cluster, and that it is the region of the cluster.',
  };
}

/** From names such as `b-1.shop.abc123.c2.kafka.eu-west-1.amazonaws.com:9098`. */
function regionOf(bootstrapServers: readonly string[]): string | undefined {
  for (const server of bootstrapServers.flatMap((servers) => servers.split(','))) {
    const region = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?:\d+$/.exec(server.trim());
    if (region) return region[1];
  }
  return undefined;
}

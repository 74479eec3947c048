import { Stack, Token } from 'aws-cdk-lib';
import { temporaryApp } from './temporary-app.ts';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { KafkaAuth, KafkaCluster } from '../../infra/index.ts';

const stack = new Stack(temporaryApp(), 'Test');
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-11111111',
  availabilityZones: ['a'],
  privateSubnetIds: ['subnet-11111111'],
});
const secret = Secret.fromSecretNameV2(stack, 'Login', 'login');
const scram = KafkaAuth.scram(secret);
const clusterArn = 'arn:aws:kafka:eu-west-1:111111111111:cluster/shop/1234abcd-1';

describe('where Kafka is', () => {
  it.each(['', 'b1', 'kafka://b1:9092', 'b1:9092,', 'b1:9092 b2:9092'])(
    'is refused when it is not a list of host:port: "%s"',
    (servers) => {
      expect(() => KafkaCluster.bootstrapServers(servers)).toThrow(
        /KafkaCluster\.bootstrapServers: ".*" is not host:port/,
      );
    },
  );

  it('may be a token', () => {
    const servers = Token.asString({ Ref: 'Servers' });
    expect(KafkaCluster.bootstrapServers(servers).servers).toBe(servers);
  });

  it.each([
    ['9092', KafkaAuth.plaintext()],
    ['9094', KafkaAuth.tls()],
    ['9096', scram],
    ['9196', scram],
    ['9094', KafkaAuth.mtls(secret)],
    ['9098', KafkaAuth.iam()],
    ['9198', KafkaAuth.iam()],
    ['14001', KafkaAuth.iam()],
  ])('on MSK fits its port: %s', (port, auth) => {
    const bootstrapServers = `b-1.msk.example:${port},b-2.msk.example:${port}`;
    expect(KafkaCluster.msk({ bootstrapServers, vpc, auth, clusterArn }).servers).toBe(bootstrapServers);
  });

  it.each([
    [
      '9094',
      scram,
      'port 9094 needs KafkaAuth.tls() or KafkaAuth.mtls(secret), but KafkaAuth.scram(secret) is given',
    ],
    ['9092', KafkaAuth.tls(), 'port 9092 needs KafkaAuth.plaintext(), but KafkaAuth.tls() is given'],
    ['9098', scram, 'port 9098 needs KafkaAuth.iam(), but KafkaAuth.scram(secret) is given'],
    ['9198', scram, 'port 9198 needs KafkaAuth.iam()'],
    ['9096', KafkaAuth.plain(secret), 'but KafkaAuth.plain(secret) is given'],
    ['9096', KafkaAuth.iam(), 'but KafkaAuth.iam() is given'],
  ])('on MSK is refused when its port needs another login: %s', (port, auth, message) => {
    expect(() => KafkaCluster.msk({ bootstrapServers: `b-1.msk.example:${port}`, vpc, auth })).toThrow(
      message,
    );
  });

  it('on MSK Serverless is known by its one address and signs in with IAM', () => {
    const bootstrapServers = 'boot-abc.c2.kafka-serverless.eu-west-1.amazonaws.com:9098';
    const kafka = KafkaCluster.mskServerless({ bootstrapServers, clusterArn, vpc });
    expect(kafka).toMatchObject({
      servers: bootstrapServers,
      clusterArn,
      auth: { tls: true, mechanism: 'aws-msk-iam', secret: undefined },
    });
    expect(kafka.network.vpc).toBe(vpc);
  });

  const iam = { vpc, auth: KafkaAuth.iam(), bootstrapServers: 'b-1.msk.example:9098' };
  it.each([
    ['without the ARN', () => KafkaCluster.msk(iam), 'KafkaCluster.msk: KafkaAuth.iam() needs clusterArn'],
    [
      'with the ARN of something else',
      () => KafkaCluster.msk({ ...iam, clusterArn: 'arn:aws:kafka:eu-west-1:111111111111:topic/shop/1/t' }),
      'is not the ARN of an MSK cluster',
    ],
    [
      'by addresses alone',
      () => KafkaCluster.bootstrapServers('b:9098', { auth: KafkaAuth.iam() }),
      'KafkaCluster.bootstrapServers: KafkaAuth.iam() needs the ARN',
    ],
    [
      'on a port of MSK Serverless that it does not have',
      () => KafkaCluster.mskServerless({ vpc, clusterArn, bootstrapServers: 'boot.example:9096' }),
      'KafkaCluster.mskServerless: port 9096 needs KafkaAuth.scram(secret)',
    ],
  ])('with IAM is refused %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

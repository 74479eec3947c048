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
const scram = KafkaAuth.scram(Secret.fromSecretNameV2(stack, 'Login', 'login'));

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
  ])('on MSK fits its port: %s', (port, auth) => {
    const bootstrapServers = `b-1.msk.example:${port},b-2.msk.example:${port}`;
    expect(KafkaCluster.msk({ bootstrapServers, vpc, auth }).servers).toBe(bootstrapServers);
  });

  it.each([
    ['9094', scram, 'port 9094 needs KafkaAuth.tls(), but KafkaAuth.scram(secret) is given'],
    ['9092', KafkaAuth.tls(), 'port 9092 needs KafkaAuth.plaintext(), but KafkaAuth.tls() is given'],
    ['9098', scram, 'port 9098 is for IAM authentication'],
    ['9198', scram, 'port 9198 is for IAM authentication'],
  ])('on MSK is refused when its port needs another login: %s', (port, auth, message) => {
    expect(() => KafkaCluster.msk({ bootstrapServers: `b-1.msk.example:${port}`, vpc, auth })).toThrow(
      message,
    );
  });
});

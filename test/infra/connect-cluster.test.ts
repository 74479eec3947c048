import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { ConnectorConfig, KafkaAuth, KafkaCluster } from '../../infra/index.ts';
import { jdbcKeys, ordersConfig, testCluster } from './test-stack.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The functions of connectors, by name. */
function functionsOf(template: Template): Record<string, Record<string, unknown>> {
  const all = Object.values(template.findResources('AWS::Lambda::Function')).map(
    (resource) => resource['Properties'] as Record<string, unknown>,
  );
  return Object.fromEntries(all.map((properties) => [String(properties['FunctionName']), properties]));
}

function identityStatements(template: Template): Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return policies.flatMap(
    (policy) =>
      (policy['Properties'] as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
  );
}

const policyOf = (connector: string) => new RegExp(`^ConnectConnectors${connector}WorkerRole`);

function statementsOf(template: Template, connector: string): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    policyOf(connector).test(id),
  );
  return policies.flatMap(
    ([, policy]) =>
      (policy['Properties'] as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
  );
}

describe('a connect cluster', () => {
  const { stack, cluster } = testCluster();
  cluster.addConnector('orders', { config: ordersConfig });
  cluster.addConnector('customers', {
    config: ConnectorConfig.fromObject({
      ...jdbcKeys,
      name: 'crm customers',
      'table.whitelist': 'public.customers',
    }),
    memorySize: 1024,
    timeout: Duration.minutes(5),
  });
  const template = Template.fromStack(stack);

  it('has a function for each connector beside its two own', () => {
    expect(Object.keys(functionsOf(template)).toSorted()).toEqual([
      'shop-connector-resource',
      'shop-coordinator',
      expect.stringMatching(/^shop-crm-customers-[0-9a-f]{8}$/),
      'shop-orders',
    ]);
  });

  it('runs them on Node.js 24, arm64, with the size asked for, and says what they move', () => {
    const functions = functionsOf(template);
    const common = { Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' };
    expect(functions['shop-orders']).toMatchObject({
      ...common,
      MemorySize: 512,
      Timeout: 900,
      Description: 'JdbcSource -> topics shop-*',
    });
    const customers = Object.entries(functions).find(([name]) => name.includes('crm'));
    expect(customers?.[1]).toMatchObject({ ...common, MemorySize: 1024, Timeout: 300 });
    expect(functions['shop-coordinator']).toMatchObject({ ...common, MemorySize: 256, Timeout: 120 });
  });

  it('tells workers where the table and Kafka are', () => {
    expect(functionsOf(template)['shop-orders']).toMatchObject({
      Environment: {
        Variables: {
          NODE_OPTIONS: '--enable-source-maps --max-semi-space-size=32',
          SLUICE_TABLE: { Ref: expect.stringMatching(/^ConnectTable/) },
          SLUICE_BOOTSTRAP_SERVERS: 'b1:9092,b2:9092',
          SLUICE_KAFKA_TLS: 'false',
        },
      },
    });
  });

  it('never retries an invocation by itself, and keeps what could not be delivered for alarms', () => {
    const configs = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig')).map(
      (resource) => resource['Properties'] as object,
    );
    expect(configs).toHaveLength(3);
    for (const config of configs) {
      expect(config).toMatchObject({
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: {
          OnFailure: {
            Destination: { 'Fn::GetAtt': [expect.stringMatching(/^ConnectFailedInvocations/), 'Arn'] },
          },
        },
      });
    }
  });

  it('keeps each log for a month, in a group of its own', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup')).map(
      (resource) => resource['Properties'] as Record<string, unknown>,
    );
    expect(groups).toHaveLength(4);
    expect(groups.map((group) => group['RetentionInDays'])).toEqual([30, 30, 30, 30]);
    expect(groups.map((group) => group['LogGroupName'])).toContain('/aws/lambda/shop-orders');
  });

  it('keeps the table, with backups, and deletes expired items', () => {
    const tables = Object.values(template.findResources('AWS::DynamoDB::Table'));
    expect(tables).toMatchObject([
      {
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        },
      },
    ]);
  });

  it('ticks once a minute, without retries', () => {
    const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedules.map((schedule) => schedule['Properties'] as object)).toMatchObject([
      {
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: { 'Fn::GetAtt': [expect.stringMatching(/^ConnectCoordinator/), 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        },
      },
    ]);
  });

  it('hands the config over exactly as given, with the function that runs it', () => {
    const configs = Object.values(template.findResources('Custom::SluiceConnector')).map(
      (resource) => resource['Properties'] as Record<string, unknown>,
    );
    const orders = configs.find((properties) => properties['Name'] === 'orders');
    expect(JSON.parse(String(orders?.['Config']))).toEqual(jdbcKeys);
    expect(orders).toMatchObject({
      FunctionName: { Ref: expect.stringMatching(/^ConnectConnectorsordersWorker/) },
      CodeVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('outlives its connectors, so that a deleted one can end its runs', () => {
    const resources = Object.values(template.findResources('Custom::SluiceConnector'));
    const needed = (resources[0] as { DependsOn: string[] }).DependsOn.join(' ');
    expect(needed).toMatch(/ConnectCoordinatorFunction/);
    expect(needed).toMatch(/ConnectTickSchedule/);
    expect(needed).toMatch(/WorkerRoleDefaultPolicy/);
  });

  it('gives no role a wildcard resource or action', () => {
    const statements = identityStatements(template);
    expect(statements.length).toBeGreaterThan(5);
    for (const statement of statements) {
      expect(JSON.stringify([statement.Resource, statement.Action])).not.toContain('*');
    }
    const managed = Object.values(template.findResources('AWS::IAM::Role')).flatMap(
      (role) => (role['Properties'] as { ManagedPolicyArns?: unknown[] }).ManagedPolicyArns ?? [],
    );
    expect(managed).toEqual([]);
  });

  it('lets a connector read its own secret and write its own items only', () => {
    const statements = statementsOf(template, 'orders');
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':secretsmanager:eu-central-1:111111111111:secret:shop-db-??????',
          ],
        ],
      },
    });
    const writes = statements.filter(({ Action }) => [Action].flat().includes('dynamodb:UpdateItem'));
    expect(writes).toMatchObject([
      {
        Condition: {
          'ForAllValues:StringEquals': {
            'dynamodb:LeadingKeys': ['connector#orders', 'offsets#orders', 'history#orders'],
          },
        },
      },
    ]);
    const reads = statements.filter(({ Action }) => Action === 'dynamodb:GetItem');
    expect(reads).toMatchObject([
      { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['connectors'] } } },
    ]);
  });

  it('lets the coordinator invoke the workers and nothing else', () => {
    const invokes = identityStatements(template).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(JSON.stringify(invokes)).toMatch(/ordersWorkerFunction.*customersWorkerFunction/);
  });
});

describe('options of a connector', () => {
  it('writes its schedule into the config', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig, schedule: Schedule.rate(Duration.minutes(5)) });
    const [resource] = Object.values(Template.fromStack(stack).findResources('Custom::SluiceConnector'));
    const properties = resource?.['Properties'] as { Config: string } | undefined;
    expect(JSON.parse(properties?.Config ?? '')).toEqual({
      ...jdbcKeys,
      'lambda.schedule': 'rate(5 minutes)',
    });
  });

  it('grants what is asked for to its function', () => {
    const { stack, cluster } = testCluster();
    const statement = new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: ['arn:aws:kms:eu-central-1:111111111111:key/k'],
    });
    cluster.addConnector('orders', {
      config: ordersConfig,
      grants: [(to) => to.grantPrincipal.addToPrincipalPolicy(statement)],
    });
    expect(statementsOf(Template.fromStack(stack), 'orders')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:eu-central-1:111111111111:key/k',
    });
  });

  it('may read the parameters and secrets its placeholders name, and no others', () => {
    const { stack, cluster } = testCluster();
    const keys = {
      ...jdbcKeys,
      'connection.url': '${ssm:/shop/db:url}',
      'connection.user': '${ssm:/shop/user}',
      'connection.password': '${secretsmanager:shop-password}',
    };
    cluster.addConnector('orders', { config: ConnectorConfig.fromObject(keys) });
    const granted = JSON.stringify(statementsOf(Template.fromStack(stack), 'orders'));
    const arns = [...granted.matchAll(/:(?:ssm|secretsmanager):eu-central-1:111111111111:([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(arns.toSorted()).toEqual([
      'parameter/shop/db/url',
      'parameter/shop/user',
      'secret:shop-password-??????',
    ]);
  });

  it('runs in the VPC of Kafka, logs in with its secret, and may read it', () => {
    const { stack, cluster } = testCluster({}, (scope) => {
      const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
        vpcId: 'vpc-11111111',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-11111111'],
      });
      const secret = Secret.fromSecretNameV2(scope, 'Login', 'AmazonMSK_login');
      return KafkaCluster.msk({
        bootstrapServers: 'b-1.msk.example:9096',
        vpc,
        auth: KafkaAuth.scram(secret),
      });
    });
    cluster.addConnector('orders', { config: ordersConfig });
    const template = Template.fromStack(stack);
    expect(functionsOf(template)['shop-orders']).toMatchObject({
      VpcConfig: { SubnetIds: ['subnet-11111111'] },
      Environment: { Variables: { SLUICE_KAFKA_TLS: 'true', SLUICE_KAFKA_SASL: 'scram-sha-512' } },
    });
    expect(functionsOf(template)['shop-coordinator']).not.toHaveProperty('VpcConfig');
    expect(JSON.stringify(statementsOf(template, 'orders'))).toContain('secret:AmazonMSK_login-??????');
  });
});

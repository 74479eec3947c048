import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, SecretValue, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { describe, expect, it } from 'vitest';
import { ConnectorConfig, type ConnectorProps } from '../../infra/index.ts';
import { jdbcKeys, ordersConfig, testCluster } from './test-stack.ts';

const add = (keys: Record<string, string>, options: Omit<ConnectorProps, 'config'> = {}) =>
  testCluster().cluster.addConnector('orders', { config: ConnectorConfig.fromObject(keys), ...options });

const token = Token.asString({ Ref: 'Something' });
const fileSink = { 'connector.class': 'FileStreamSink', file: '/tmp/out.txt', topics: 'orders' };

describe('a config that cannot work fails the synth', () => {
  it.each<[what: string, keys: Record<string, string>, message: RegExp]>([
    [
      'no class',
      { topics: 'a' },
      /config of connector "orders" has an error:\n {2}- connector\.class is missing/,
    ],
    ['an unknown class', { 'connector.class': 'JdbcSouce' }, /Failed to find any class/],
    ['a class that is a token', { 'connector.class': token }, /connector\.class is a CDK token/],
    ['a bad value', { ...jdbcKeys, 'tasks.max': '0' }, /Invalid value 0 for configuration tasks\.max/],
    [
      'two bad values',
      { ...jdbcKeys, 'tasks.max': '0', 'errors.tolerance': 'some' },
      /has 2 errors:[\s\S]*tasks\.max[\s\S]*errors\.tolerance/,
    ],
    [
      'an unknown transformation',
      { ...jdbcKeys, transforms: 'a', 'transforms.a.type': 'NoSuch' },
      /transforms\.a\.type/,
    ],
    [
      'a transformation by its short name',
      { ...jdbcKeys, transforms: 'a', 'transforms.a.type': 'Cast$Value', 'transforms.a.spec': 'a:int8' },
      /Class Cast\$Value could not be found\. Did you mean org\.apache\.kafka\.connect\.transforms\.Cast\$Value\?/,
    ],
    [
      'a bad schedule',
      { ...jdbcKeys, 'lambda.schedule': 'cron(0 8 * * ? *)' },
      /lambda\.schedule: must be like rate\(1 minute\)/,
    ],
    [
      'a password in clear',
      { ...jdbcKeys, 'connection.password': 'hunter2' },
      /connection\.password is given in clear\. Write a placeholder.*\$\{secretsmanager:/,
    ],
    [
      'a password behind a token',
      { ...jdbcKeys, 'connection.password': SecretValue.secretsManager('s').unsafeUnwrap() },
      /connection\.password is a CDK token/,
    ],
    [
      'a password in an address',
      { ...jdbcKeys, 'connection.url': 'postgresql://shop:hunter2@db/shop' },
      /connection\.url holds a password in clear/,
    ],
    [
      'a password in a query',
      { ...jdbcKeys, 'connection.url': 'jdbc:postgresql://db/shop?user=a&password=hunter2' },
      /connection\.url holds a password in clear/,
    ],
    [
      'a variable it does not have',
      { ...jdbcKeys, 'connection.password': '${env:DB_PASSWORD}' },
      /\$\{env:DB_PASSWORD\}, but its function has no such variable/,
    ],
    ['files without a disk', fileSink, /a function's own disk is gone with it/],
  ])('%s', (_, keys, message) => {
    expect(() => add(keys)).toThrow(message);
  });

  it.each([{ 'connection.password': 'hunter2' }, { 'connection.url': 'postgresql://shop:hunter2@db/shop' }])(
    'never shows the password it complains about: %o',
    (keys) => {
      let message = '';
      try {
        add({ ...jdbcKeys, ...keys });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('in clear');
      expect(message).not.toContain('hunter2');
    },
  );

  it.each<[what: string, options: Omit<ConnectorProps, 'config'>, message: RegExp]>([
    [
      'a timeout that leaves no time',
      { timeout: Duration.seconds(30) },
      /a timeout of 30 s leaves a run no time/,
    ],
    ['a variable of ours', { environment: { SLUICE_TABLE: 'x' } }, /SLUICE_TABLE is set by Sluice/],
    ['a schedule by cron', { schedule: Schedule.cron({ hour: '8' }) }, /lambda\.schedule: must be like rate/],
  ])('%s', (_, options, message) => {
    expect(() => add(jdbcKeys, options)).toThrow(message);
  });

  it('a schedule that contradicts the config', () => {
    const keys = { ...jdbcKeys, 'lambda.schedule': 'rate(1 hour)' };
    expect(() => add(keys, { schedule: Schedule.rate(Duration.minutes(5)) })).toThrow(
      /schedule rate\(5 minutes\), but its config says lambda\.schedule=rate\(1 hour\)/,
    );
  });

  it('a second connector of the same name', () => {
    const { cluster } = testCluster();
    cluster.addConnector('orders', { config: ordersConfig });
    const same = ConnectorConfig.fromObject({ ...jdbcKeys, name: 'orders' });
    expect(() => cluster.addConnector('other', { config: same })).toThrow(/both define connector "orders"/);
  });

  it('a connector named like a function of the cluster', () => {
    expect(() => testCluster().cluster.addConnector('coordinator', { config: ordersConfig })).toThrow(
      /"coordinator" cannot name a connector/,
    );
  });

  it('two names in one file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
    const path = join(folder, 'orders.json');
    writeFileSync(path, JSON.stringify({ name: 'orders', config: { ...jdbcKeys, name: 'other' } }));
    const { cluster } = testCluster();
    expect(() => cluster.addConnector('orders', { config: ConnectorConfig.fromFile(path) })).toThrow(
      /name is "other" in the config, but "orders" beside it/,
    );
    rmSync(folder, { recursive: true });
  });

  it('a file that cannot be read', () => {
    expect(() => ConnectorConfig.fromFile('pipelines/nothing.json')).toThrow(
      /cannot read pipelines\/nothing\.json/,
    );
  });

  it('a group id that cannot name functions', () => {
    expect(() => testCluster({ groupId: 'my shop' })).toThrow(/groupId "my shop"/);
  });

  it('a module that exports no plugin', () => {
    expect(() => testCluster({ plugins: ['test/infra/test-stack-without-plugins.ts'] })).toThrow(
      /Cannot load plugin module/,
    );
  });
});

describe('a config that is not known in full', () => {
  it('is accepted where tokens stand for what will be known at deployment', () => {
    expect(() =>
      add({ ...jdbcKeys, 'tasks.max': token, 'connection.url': `jdbc:postgresql://${token}/shop` }),
    ).not.toThrow();
  });

  it('is accepted where placeholders stand for what a run will know', () => {
    const url = 'postgresql://${secretsmanager:shop-db:username}:${secretsmanager:shop-db:password}@db/shop';
    expect(() =>
      add(
        { ...jdbcKeys, 'connection.url': url, 'tasks.max': '${env:TASKS}' },
        { environment: { TASKS: '2' } },
      ),
    ).not.toThrow();
  });
});

describe('a config with a slip of the pen', () => {
  it('is warned about, with the key that was probably meant', () => {
    const { stack, cluster } = testCluster();
    cluster.addConnector('orders', { config: ConnectorConfig.fromObject({ ...jdbcKeys, 'task.max': '2' }) });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('nothing reads the key "task.max"; did you mean "tasks.max"'),
    ]);
  });

  it('is warned about where a setting of a Kafka client has no effect here', () => {
    const { stack, cluster } = testCluster();
    const overrides = {
      'producer.override.linger.ms': '5',
      'producer.override.acks': '1',
      'producer.override.compresion.type': 'lz4',
    };
    cluster.addConnector('orders', { config: ConnectorConfig.fromObject({ ...jdbcKeys, ...overrides }) });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('producer.override.linger.ms has no effect. In effect is only 0.'),
      expect.stringContaining('Did you mean "compression.type"?'),
    ]);
  });
});

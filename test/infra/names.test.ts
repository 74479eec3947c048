import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { describeConnector } from '../../infra/description.ts';
import { functionName } from '../../infra/function-name.ts';

describe('the name of a function', () => {
  it('is the cluster and the connector', () => {
    expect(functionName('shop', 'orders_v2-eu')).toBe('shop-orders_v2-eu');
  });

  it.each(['crm customers', 'crm.customers', 'a'.repeat(100), 'größe'])(
    'is one Lambda takes, whatever the connector is called: %s',
    (connector) => {
      expect(functionName('shop', connector)).toMatch(/^shop-[A-Za-z0-9_-]{1,50}-[0-9a-f]{8}$/);
    },
  );

  it('tells connectors apart that look the same to Lambda', () => {
    const names = ['a.b', 'a b', 'a-b', 'a_b', `${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`].map((connector) =>
      functionName('shop', connector),
    );
    expect(new Set(names).size).toBe(6);
  });
});

describe('the description of a function', () => {
  const source = 'io.confluent.connect.jdbc.JdbcSourceConnector';
  const sink = 'io.sluice.connect.directory.DirectorySinkConnector';

  it.each([
    ['source', source, { 'topic.prefix': 'shop-' }, 'JdbcSource -> topics shop-*'],
    ['source', source, { topic: 'lines' }, 'JdbcSource -> topic lines'],
    ['source', source, {}, 'JdbcSource -> Kafka'],
    ['source', source, { topic: Token.asString({ Ref: 'Topic' }) }, 'JdbcSource -> Kafka'],
    ['sink', sink, { topics: 'a,b' }, 'topics a,b -> DirectorySink'],
    ['sink', sink, { 'topics.regex': 'shop-.*' }, 'topics matching shop-.* -> DirectorySink'],
  ] as const)('says what a %s moves', (type, className, config, text) => {
    expect(describeConnector(type, className, config)).toBe(text);
  });
});

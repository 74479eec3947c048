import { describe, expect, it } from 'vitest';
import { sinkPipeline, sourcePipeline } from 'sluice/testing';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import { ConfigError, RetriableError } from '../../../lib/api/errors.ts';
import type { TransformationPlugin } from '../../../lib/api/transform.ts';

const json = {
  'key.converter': 'StringConverter',
  'value.converter': 'JsonConverter',
  'value.converter.schemas.enable': 'false',
};
const masking = {
  ...json,
  transforms: 'old,mask',
  'transforms.old.type': 'Filter',
  'transforms.old.predicate': 'tombstone',
  'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
  'transforms.mask.fields': 'card',
  predicates: 'tombstone',
  'predicates.tombstone.type': 'RecordIsTombstone',
};

/** Fails with a RetriableError so many times. */
const flaky = (failures: number): TransformationPlugin => ({
  kind: 'transformation',
  class: 'test.Flaky',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => {
    let left = failures;
    return {
      apply: (record) => {
        if (left-- > 0) throw new RetriableError('not yet');
        return record;
      },
    };
  },
});

describe('sourcePipeline', () => {
  it('answers what would be sent: as data, as text and as bytes', async () => {
    const outcome = await sourcePipeline(masking).apply({
      topic: 'orders',
      key: 'k',
      value: { id: 1, card: '4111' },
      headers: [{ key: 'trace', schema: null, value: 'abc' }],
    });
    expect(outcome).toMatchObject({
      outcome: 'produced',
      topic: 'orders',
      partition: null,
      value: { id: 1, card: '' },
      headers: [{ key: 'trace', value: 'abc' }],
      kafka: { value: '{"id":1,"card":""}', headers: [{ key: 'trace', value: 'abc' }] },
      bytes: { value: new TextEncoder().encode('{"id":1,"card":""}') },
    });
  });

  it('says which transformation dropped a record', async () => {
    expect(await sourcePipeline(masking).apply({ topic: 'orders', value: null })).toEqual({
      outcome: 'dropped',
      by: { alias: 'old', class: 'org.apache.kafka.connect.transforms.Filter' },
    });
  });

  it.each([
    ['none', false],
    ['all', true],
  ])('says where a record failed, with errors.tolerance=%s', async (tolerance, tolerated) => {
    const pipeline = sourcePipeline({ ...masking, 'errors.tolerance': tolerance });
    const outcomes = await pipeline.run([
      { topic: 'orders', value: 'no fields' },
      { topic: 'orders', value: { card: '1' } },
    ]);
    expect(outcomes).toMatchObject([
      {
        outcome: 'failed',
        failure: {
          stage: 'TRANSFORMATION',
          class: 'org.apache.kafka.connect.transforms.MaskField$Value',
          exception: 'org.apache.kafka.connect.errors.DataException',
          tolerated,
          attempts: 1,
        },
      },
      { outcome: 'produced', value: { card: '' } },
    ]);
  });

  it('retries as errors.retry.timeout says, without waiting', async () => {
    const config = { ...json, transforms: 'f', 'transforms.f.type': 'test.Flaky' };
    const record = { topic: 't', value: 1 };
    const retrying = { ...config, 'errors.retry.timeout': '600000' };
    expect(await sourcePipeline(retrying, { plugins: [flaky(4)] }).apply(record)).toMatchObject({
      outcome: 'produced',
    });
    expect(await sourcePipeline(config, { plugins: [flaky(4)] }).apply(record)).toMatchObject({
      outcome: 'failed',
      failure: { message: 'not yet' },
    });
    const endless = sourcePipeline(
      { ...config, 'errors.retry.timeout': '-1' },
      { plugins: [flaky(Infinity)] },
    );
    await expect(endless.apply(record)).rejects.toThrow('More than a day');
  });

  it('refuses a config with all its errors, and one of a sink', () => {
    expect(() =>
      sourcePipeline({ 'connector.class': 'FileStreamSource', 'tasks.max': 'x', ...json }),
    ).toThrow(/topic[\s\S]*tasks\.max|tasks\.max[\s\S]*topic/);
    expect(() => sourcePipeline({ transforms: 'a', 'transforms.a.type': 'Nope' })).toThrow(ConfigError);
    const sink = { 'connector.class': 'FileStreamSink', topics: 't' };
    expect(() => sourcePipeline(sink)).toThrow('is a sink, not a source');
  });
});

describe('sinkPipeline', () => {
  it('answers what put would be given', async () => {
    const outcomes = await sinkPipeline(masking).run('orders', [
      { key: 'k', value: { id: 1, card: '4111' }, headers: [{ key: 'n', value: '7' }], timestamp: 5 },
      { value: null },
      { value: '{' },
    ]);
    expect(outcomes).toMatchObject([
      {
        outcome: 'delivered',
        topic: 'orders',
        partition: 0,
        value: { id: 1, card: '' },
        headers: [{ key: 'n', value: 7 }],
        timestamp: 5,
        record: { originalTopic: 'orders', kafkaOffset: 0n, timestampType: 'CreateTime' },
      },
      { outcome: 'dropped', by: { alias: 'old' } },
      { outcome: 'failed', failure: { stage: 'VALUE_CONVERTER', tolerated: false } },
    ]);
  });

  it('reads bytes as they are, also those of a place in Kafka that is given', async () => {
    const pipeline = sinkPipeline({ 'value.converter': 'ByteArrayConverter' });
    expect(
      await pipeline.apply({ topic: 't', partition: 3, offset: 9, value: new Uint8Array([0, 255]) }),
    ).toMatchObject({ partition: 3, value: new Uint8Array([0, 255]), record: { kafkaOffset: 9n } });
  });
});

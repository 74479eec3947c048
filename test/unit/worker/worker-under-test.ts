import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { Plugin } from '../../../lib/api/connector.ts';
import type { ConverterPlugin } from '../../../lib/api/converter.ts';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { CadencePolicy } from '../../../lib/coordinator/schedule.ts';
import type { KafkaProducer } from '../../../lib/kafka/ports.ts';
import { MemoryCluster } from '../../../lib/testing/memory-cluster.ts';
import { dyingAt, type DyingOptions, type Mortality } from '../../../lib/testing/mortality.ts';

export { dyingAt, type DyingOptions, type Mortality };

type Send = KafkaProducer['send'];

/** A process whose producers send in another way. */
export const sendingBy =
  (wrap: (send: Send) => Send): Mortality =>
  ({ table, kafka }) => ({
    table,
    kafka: {
      ...dyingAt(Infinity, false)({ table, kafka }).kafka,
      producer: (options) => {
        const producer = kafka.producer(options);
        return { send: wrap(producer.send.bind(producer)), close: producer.close.bind(producer) };
      },
    },
  });

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() };

/** The plainest converter: text. */
export const textConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'test.Text',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => ({
    fromConnectData: (_topic, _schema, value) => (value === null ? null : utf8.encode.encode(String(value))),
    toConnectData: (_topic, bytes) => ({
      schema: null,
      value: bytes === null ? null : utf8.decode.decode(bytes),
    }),
  }),
  createHeader: () => ({
    fromConnectHeader: (_topic, _key, _schema, value) => utf8.encode.encode(String(value)),
    toConnectHeader: (_topic, _key, bytes) => ({
      schema: null,
      value: bytes === null ? null : utf8.decode.decode(bytes),
    }),
  }),
};
const converters = {
  'key.converter': 'test.Text',
  'value.converter': 'test.Text',
  'header.converter': 'test.Text',
};

/** The memory cluster of the published kit, with records as plain text. */
export class WorkerUnderTest extends MemoryCluster {
  constructor(
    plugins: readonly Plugin[],
    cadence: CadencePolicy = { mode: 'drain', rediscoveryMs: 300_000 },
    workerConfig: ConnectorConfig = {},
    options: { readonly timeoutMs?: number } = {},
  ) {
    super({ plugins: [...plugins, textConverter], cadence, workerConfig, ...options });
  }

  async create(name: string, className: string, config: Record<string, string> = {}): Promise<void> {
    await this.add(name, { 'connector.class': className, ...converters, ...config });
  }

  records(topic: string): string[] {
    return this.kafka
      .records(topic)
      .map(({ value }) => (value === null ? 'null' : utf8.decode.decode(value)));
  }

  produce(topic: string, values: readonly string[]): void {
    for (const value of values) {
      this.kafka.append({
        topic,
        partition: 0,
        key: null,
        value: utf8.encode.encode(value),
        timestamp: null,
      });
    }
  }
}

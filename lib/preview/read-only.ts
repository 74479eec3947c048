import { ConnectError } from '../api/errors.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { Table } from '../storage/table.ts';

const refuse = (what: string) => (): never => {
  throw new ConnectError(`Bug: a preview was about to ${what}`);
};

/** The same Kafka for reading: whoever tries to write to it through this client is stopped. */
export function readOnlyKafka(kafka: KafkaClient): KafkaClient {
  return {
    ensureFresh: () => kafka.ensureFresh(),
    describeTopics: (topics, options) => kafka.describeTopics(topics, options),
    listTopics: (options) => kafka.listTopics(options),
    listOffsets: (asks, options) => kafka.listOffsets(asks, options),
    fetch: (request, options) => kafka.fetch(request, options),
    createTopics: refuse('create a topic'),
    commitGroupOffsets: refuse('commit offsets'),
    producer: refuse('produce'),
    transactional: refuse('produce'),
    close: () => kafka.close(),
    [Symbol.asyncDispose]: () => kafka.close(),
  };
}

/** The same for a table. */
export function readOnlyTable(table: Table): Table {
  return {
    get: (key, options) => table.get(key, options),
    query: (pk, prefix, options) => table.query(pk, prefix, options),
    put: refuse('write an item'),
    update: refuse('change an item'),
    delete: refuse('delete an item'),
  };
}

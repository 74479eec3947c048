import { type ClientKeyEffects, heeded, inert, only } from './client-key-effect.ts';

const converters = inert('The converters of the connector make the bytes.');
const transactions = inert(
  'Transactional ids are made of the names of group and connector, as in Kafka Connect.',
);
const adaptive = inert('Records without a key go to a partition at random, whatever its broker has to do.');

/** Settings of the producer: of a source, and of whatever writes dead letters. */
export const producerEffects: ClientKeyEffects = {
  acks: heeded('`all`, `1` or `0`.'),
  'enable.idempotence': heeded('`false` takes away what keeps retries from doubling records.'),
  'compression.type': heeded('Of whole batches.'),
  'compression.gzip.level': heeded('Default 6.'),
  'compression.zstd.level': heeded('Default 1, which is cheaper than 3 and hardly larger.'),
  'compression.lz4.level': inert('lz4 has one level.'),
  'batch.size': heeded(
    'Most bytes of a batch before compression, up to 1 MB. Default: 1 MB, which is fastest.',
  ),
  'linger.ms': only(['0'], 'A batch is what one poll of the source gave. It is full without waiting.'),
  'buffer.memory': inert('At most two polls of the source are in memory.'),
  'max.request.size': heeded('Largest record. A request takes up to 4 MB.'),
  'max.in.flight.requests.per.connection': heeded('Up to 5, which is the default. Order is kept with any.'),
  'request.timeout.ms': heeded('How long a broker may wait for its replicas. Default 10 s.'),
  'delivery.timeout.ms': heeded('When a send is given up. Default: at the end of the run.'),
  retries: inert('A send is repeated until `delivery.timeout.ms`, as Kafka recommends.'),
  'max.block.ms': inert('`delivery.timeout.ms` covers the wait for metadata too.'),
  'metadata.max.idle.ms': inert('What is known of a topic is kept as long as the process.'),
  'client.id': heeded(
    'In requests that write records: what quotas go by. Default: the name of the function.',
  ),
  'partitioner.class': only(
    ['org.apache.kafka.clients.producer.RoundRobinPartitioner'],
    'Other classes are Java code, which does not run here.',
  ),
  'partitioner.ignore.keys': heeded('Records with a key are spread like those without.'),
  'partitioner.adaptive.partitioning.enable': adaptive,
  'partitioner.availability.timeout.ms': adaptive,
  'interceptor.classes': inert('Interceptors are Java code, which does not run here.'),
  'key.serializer': converters,
  'value.serializer': converters,
  'transactional.id': transactions,
  'transaction.timeout.ms': heeded('With exactly-once delivery.'),
  'transaction.two.phase.commit.enable': transactions,
};

import { type ClientKeyEffects, heeded, inert, only } from './client-key-effect.ts';

const converters = inert('The converters of the connector read the bytes.');
const group = inert('No consumer group is joined: the coordinator gives each task its partitions.');
const share = inert('Sinks read partitions, not share groups.');

/** Settings of the consumer of a sink. */
export const consumerEffects: ClientKeyEffects = {
  'group.id': heeded('The group in which `lambda.group.offsets` shows the offsets.'),
  'group.instance.id': group,
  'group.protocol': group,
  'group.remote.assignor': group,
  'session.timeout.ms': group,
  'heartbeat.interval.ms': group,
  'partition.assignment.strategy': group,
  'max.poll.interval.ms': group,
  'enable.auto.commit': only(['false'], 'Offsets are stored when the sink has taken the records.'),
  'auto.commit.interval.ms': inert(
    '`offset.flush.interval.ms` of the worker says how often offsets are stored.',
  ),
  'auto.offset.reset': only(
    ['earliest', 'latest', 'none'],
    'Where a partition without an offset begins, and where one goes on whose offset is out of range.',
  ),
  'isolation.level': heeded('`read_committed` leaves out what was aborted.'),
  'fetch.min.bytes': heeded('A broker waits for so much, up to `fetch.max.wait.ms`.'),
  'fetch.max.bytes': heeded(
    'Default 8 MB, where Kafka Connect has 50: a function has less memory. No more than 100 MB are asked for.',
  ),
  'max.partition.fetch.bytes': heeded('Most of one partition in one answer.'),
  'fetch.max.wait.ms': heeded('The longest a broker waits for records, never beyond what is due in the run.'),
  'max.poll.records': heeded('Most records of one put. Default: all that one fetch gave, which is fastest.'),
  'client.id': heeded('In requests that read records: what quotas go by. Default: the name of the function.'),
  'client.rack': inert('Records are read from the leaders of their partitions.'),
  'check.crcs': only(['true'], 'Checked always.'),
  'allow.auto.create.topics': only(['false'], 'Reading a topic never creates it.'),
  'exclude.internal.topics': only(['true'], '`topics.regex` never finds internal topics.'),
  'interceptor.classes': inert('Interceptors are Java code, which does not run here.'),
  'internal.throw.on.fetch.stable.offset.unsupported': inert('Brokers that old are not supported.'),
  'key.deserializer': converters,
  'value.deserializer': converters,
  'share.acknowledgement.mode': share,
  'share.acquire.mode': share,
};

import { type ClientKeyEffects, inert, only } from './client-key-effect.ts';

const connection = inert(
  'How to reach Kafka, and to sign in, is said once for a cluster of connectors: docs/kafka-authentication.md.',
);
const metrics = inert('The metrics of a connector are in CloudWatch; clients have none of their own.');
const sockets = inert('The operating system chooses the size of socket buffers.');
const reconnects = inert(
  'A connection that fails is opened anew after 100 ms, then after twice as long, up to 1 s.',
);

/** Settings of all three clients. */
export const sharedEffects: ClientKeyEffects = {
  'bootstrap.servers': connection,
  'bootstrap.controllers': connection,
  'security.protocol': connection,
  'security.providers': connection,
  'client.dns.lookup': only(['use_all_dns_ips'], 'Each address of a name is tried.'),
  'send.buffer.bytes': sockets,
  'receive.buffer.bytes': sockets,
  'reconnect.backoff.ms': reconnects,
  'reconnect.backoff.max.ms': reconnects,
  'retry.backoff.ms': only(['100'], 'Retries begin after 100 ms.'),
  'retry.backoff.max.ms': only(['1000'], 'Retries are at most 1 s apart.'),
  'request.timeout.ms': inert('A request that is not answered for 10 s is given up, and sent again.'),
  'metadata.max.age.ms': inert('Leaders are looked up when a broker says that they have moved.'),
  'metadata.recovery.strategy': only(
    ['rebootstrap'],
    'Where no known broker answers, bootstrap.servers are asked.',
  ),
  'metadata.recovery.rebootstrap.trigger.ms': inert(
    'The bootstrap servers are asked as soon as no known broker answers.',
  ),
  'metrics.sample.window.ms': metrics,
  'metrics.num.samples': metrics,
  'metrics.recording.level': metrics,
  'metric.reporters': metrics,
  'enable.metrics.push': metrics,
  'socket.connection.setup.timeout.ms': only(['10000'], 'A connection has 10 s, with its handshake.'),
  'socket.connection.setup.timeout.max.ms': inert('A connection has 10 s, at each attempt.'),
  'connections.max.idle.ms': inert(
    'Connections that were idle for 4 minutes are opened anew when a run begins.',
  ),
  'default.api.timeout.ms': inert('A call may take what is left of the run.'),
  'config.providers': inert('Placeholders are resolved before a client gets its settings.'),
};

/** The same for whole families of settings. */
export const sharedEffectsByPrefix: ClientKeyEffects = { 'ssl.': connection, 'sasl.': connection };

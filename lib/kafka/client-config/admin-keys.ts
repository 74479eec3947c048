import type { ClientKeyRows } from './client-key-row.ts';

/** What only the admin client of Kafka 4.3.1 has, or has with another default. */
export const adminKeys: ClientKeyRows = {
  'bootstrap.servers': ['LIST', [], 'HIGH'],
  'bootstrap.controllers': ['LIST', [], 'HIGH'],
  'client.id': ['STRING', '', 'MEDIUM'],
  'receive.buffer.bytes': ['INT', 65536, 'MEDIUM'],
  'enable.metrics.push': ['BOOLEAN', false, 'LOW'],
  'connections.max.idle.ms': ['LONG', 300_000, 'MEDIUM'],
  retries: ['INT', 2_147_483_647, 'LOW'],
  'default.api.timeout.ms': ['INT', 60000, 'MEDIUM'],
};

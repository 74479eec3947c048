import { ConfigError } from '../../api/errors.ts';
import type { BrokerAddress } from './broker-address.ts';

/** `host:port` each, or several in one string with commas between, as in Kafka's own configs. */
export function parseBootstrapServers(servers: readonly string[]): readonly BrokerAddress[] {
  const addresses = servers
    .flatMap((server) => server.split(','))
    .map((server) => server.trim())
    .filter((server) => server !== '')
    .map(parseServer);
  if (addresses.length === 0)
    throw ConfigError.invalid('bootstrap.servers', servers.join(','), 'no server is given');
  return addresses;
}

function parseServer(server: string): BrokerAddress {
  const match = /^(?:[A-Z_]+:\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^:/\s]+)):(\d{1,5})$/.exec(server);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw ConfigError.invalid('bootstrap.servers', server, 'expected host:port');
  }
  return { host, port };
}

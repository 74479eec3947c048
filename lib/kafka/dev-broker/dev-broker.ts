import { ConnectError } from '../../api/errors.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import { silentLogger, type Logger } from '../../foundation/logger.ts';
import { BrokerNode, type ServerCertificate } from './broker-node.ts';
import type { BrokerEvent } from './client-connection.ts';
import { BrokerState } from './broker-state.ts';
import { ArmedFaults, type DevBrokerFaults } from './faults.ts';
import type { PlainUser } from './handlers/sasl.ts';
import { StateFolder } from './state-folder.ts';

export interface DevBrokerOptions {
  /** Port of the first node; 0 (default): any free one. Further nodes always take a free one. */
  readonly port?: number;
  readonly host?: string;
  /** How many nodes the cluster seems to have; partitions are led by them in turn. Default 1. */
  readonly nodes?: number;
  /** Keeps topics and records between sessions; absent: in memory only. */
  readonly directory?: string;
  /** Connections are TLS with this certificate. */
  readonly tls?: ServerCertificate;
  /** Clients must sign in with SASL PLAIN as this user. */
  readonly user?: PlainUser;
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Told of connections and requests as they come and go. */
  readonly observe?: (event: BrokerEvent) => void;
}

export interface DevBroker extends AsyncDisposable {
  /** `host:port` of every node, comma-separated. */
  readonly bootstrapServers: string;
  readonly faults: DevBrokerFaults;
  close(): Promise<void>;
}

/**
 * A Kafka broker for development and tests, in this process: the wire protocol in the versions Sluice speaks, real
 * record batches, idempotent producers and transactions; no replication, no retention, no consumer groups. Rejects
 * when the port cannot be had.
 */
export async function startDevBroker(options: DevBrokerOptions = {}): Promise<DevBroker> {
  const {
    port = 0,
    host = '127.0.0.1',
    nodes: nodeCount = 1,
    clock = systemClock,
    log = silentLogger,
    observe = () => undefined,
  } = options;
  const folder = options.directory === undefined ? undefined : new StateFolder(options.directory);
  const nodeIds = Array.from({ length: nodeCount }, (_, index) => index + 1);
  const state = new BrokerState({ clock, nodeIds, folder });
  const faults = new ArmedFaults();
  const nodes = nodeIds.map((nodeId) => {
    const context = { state, nodeId, faults, user: options.user, log, observe };
    return new BrokerNode(context, { host, port: nodeId === 1 ? port : 0, tls: options.tls });
  });
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    state.transactions.close();
    folder?.close();
  };
  try {
    for (const node of nodes) await node.start();
  } catch (error) {
    await close();
    throw new ConnectError(`The dev broker cannot listen on ${host}:${port}`, {
      cause: error,
      hint: 'Choose another port, or 0 for any free one.',
    });
  }
  const bootstrapServers = nodes.map((node) => node.address).join(',');
  log.info('Dev broker for development and tests listens: one process, no replication', { bootstrapServers });
  return { bootstrapServers, faults: faultsOf(state, nodes, faults), close, [Symbol.asyncDispose]: close };
}

function faultsOf(state: BrokerState, nodes: readonly BrokerNode[], armed: ArmedFaults): DevBrokerFaults {
  const nodeOf = (nodeId: number): BrokerNode => {
    const node = nodes.find((candidate) => candidate.nodeId === nodeId);
    if (!node) throw new RangeError(`The dev broker has no node ${nodeId}`);
    return node;
  };
  return {
    next: (api, action, times = 1) => armed.arm(api, action, times),
    moveLeader: (topic, partition, nodeId) => {
      const found = state.topics.partition(topic, partition);
      if (!found) throw new RangeError(`The dev broker has no partition ${partition} of topic ${topic}`);
      found.leader = nodeId;
      found.leaderEpoch += 1;
      state.appended.notify(); // long polls on the old leader end with an error
    },
    closeConnections: () => Promise.all(nodes.map((node) => node.closeConnections())).then(() => undefined),
    silenceConnections: () => {
      for (const node of nodes) node.silenceConnections();
    },
    stopNode: (nodeId) => nodeOf(nodeId).stop(),
    startNode: (nodeId) => nodeOf(nodeId).start(),
  };
}

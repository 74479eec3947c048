import type { ConnectorConfig } from '../api/config.ts';
import type { ConnectorPlugin } from '../api/connector.ts';
import { ConnectError, toConnectError } from '../api/errors.ts';
import type { OffsetMap } from '../api/record.ts';
import { resolvePlaceholders } from '../config-providers/placeholders.ts';
import { KnownSecrets } from '../config-providers/secrets.ts';
import { reserve } from '../foundation/deadline.ts';
import { parseExact } from '../foundation/json/parse-exact.ts';
import { isExactlyOnceEnabled } from '../plugins/worker-config.ts';
import { storedPositions } from '../storage/items/cluster-state.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import { sinkPosition } from '../storage/items/offset-page.ts';
import { partitionId, type StoredOffset } from '../storage/items/offsets.ts';
import { alterLoggedOffsets } from './exactly-once/alter-logged-offsets.ts';
import type { InvocationContext } from './invocation.ts';
import type { AlterOffsetsRequest, AlterOffsetsResponse } from './protocol.ts';
import { RunPages } from './run-pages.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** One partition and the offset it is to have; null: none. */
interface Alteration {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap | null;
}

const answerMs = 2_000;

/**
 * Alters or resets the offsets of a stopped connector (KIP-875). In this order: every partition is claimed for a fresh
 * epoch, so that no run that may still be about can commit to it (Invariant 4); the plugin is asked; the offsets are
 * stored. Cut anywhere it has changed nothing or some partitions, and can be asked for again. A failure is an answer.
 */
export async function alterOffsets(
  request: AlterOffsetsRequest,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<AlterOffsetsResponse> {
  const secrets = new KnownSecrets();
  try {
    const connector = await stoppedConnector(request, deps);
    const plugin = deps.registry.connector(connector.config['connector.class'] ?? '');
    const config = await resolvePlaceholders(connector.config, deps.providers);
    secrets.learn(connector.config, config, plugin.configDef.keys);
    const stored = await storedPositions(deps.state, { name: connector.name, type: plugin.kind });
    const inKafka = plugin.kind === 'source' && isExactlyOnceEnabled(deps.workerConfig);
    const alterations =
      request.offsets === null
        ? stored
            // Of an exactly-once source Kafka may know an offset that the table does not have yet.
            .filter(({ offset }) => inKafka || offset !== null)
            .map(({ partition }) => ({ partition, offset: null }))
        : (parseExact(request.offsets) as Alteration[]);
    if (plugin.kind === 'sink') await checkPartitions(connector.name, alterations, invocation, deps);
    const ask = (): Promise<boolean> => askPlugin(plugin, { name: connector.name, config, alterations });
    if (inKafka) {
      const handled = await ask();
      await alterInKafka(connector, alterations, { request, invocation }, deps);
      return { ok: true, handled };
    }
    const inTable = { connector: connector.name, alterations, epoch: request.epoch };
    const store =
      plugin.kind === 'source' ? await claimItems(inTable, deps) : await claimPages(inTable, deps);
    const handled = await ask();
    await store();
    return { ok: true, handled };
  } catch (thrown) {
    const { code, message } = toConnectError(thrown);
    return { ok: false, code, message: secrets.hide(message) };
  }
}

/** Fences the transactional ids, writes the records to the offsets topic, and has the table follow. */
async function alterInKafka(
  connector: ConnectorItem,
  alterations: readonly Alteration[],
  { request, invocation }: { readonly request: AlterOffsetsRequest; readonly invocation: InvocationContext },
  deps: WorkerDeps,
): Promise<void> {
  if (alterations.length === 0) return;
  const kafka = await deps.kafka();
  await kafka.ensureFresh();
  const changes = alterations.map(({ partition, offset }) => [partition, offset] as const);
  await alterLoggedOffsets({ connector, epoch: request.epoch, changes }, kafka, deps, {
    signal: invocation.signal,
    deadline: reserve(invocation.deadline, answerMs),
  });
}

async function stoppedConnector(
  { connector: name, configVersion }: AlterOffsetsRequest,
  { state }: WorkerDeps,
): Promise<ConnectorItem> {
  const connector = await state.connectors.get(name);
  if (connector?.configVersion === configVersion && connector.targetState === 'STOPPED') return connector;
  throw new ConnectError(`Connector ${name} was changed while its offsets were to be altered`, {
    code: 'BAD_REQUEST',
  });
}

/** As Kafka answers Connect: a partition must exist, an offset beyond its end is taken. */
async function checkPartitions(
  connector: string,
  alterations: readonly Alteration[],
  { deadline, signal }: InvocationContext,
  deps: WorkerDeps,
): Promise<void> {
  const wanted = alterations.filter(({ offset }) => offset !== null);
  if (wanted.length === 0) return;
  const kafka = await deps.kafka();
  await kafka.ensureFresh();
  const topics = new Set(wanted.map(({ partition }) => String(partition['kafka_topic'])));
  const described = await kafka.describeTopics([...topics], {
    signal,
    deadline: reserve(deadline, answerMs),
  });
  for (const { partition, offset } of wanted) {
    const { kafka_topic: topic, kafka_partition: number } = partition;
    const exists = described.get(String(topic))?.partitions.some((each) => each.partition === Number(number));
    if (exists === true && BigInt(offset?.['kafka_offset'] ?? 0) >= 0n) continue;
    throw new ConnectError(
      `Failed to alter consumer group offsets for connector ${connector}: ${exists === true ? `the offset of ${String(topic)}-${String(number)} is negative` : `there is no partition ${String(topic)}-${String(number)}`}`,
    );
  }
}

interface InTable {
  readonly connector: string;
  readonly alterations: readonly Alteration[];
  readonly epoch: number;
}

/** Claims the partitions of a source; what it answers stores their offsets. */
async function claimItems(
  { connector, alterations, epoch }: InTable,
  { state, clock, random }: WorkerDeps,
): Promise<() => Promise<void>> {
  const claimed = new Map<string, StoredOffset>();
  for (const { partition } of alterations)
    claimed.set(partitionId(partition), await state.offsets.claim(connector, partition, epoch));
  return async () => {
    for (const { partition, offset } of alterations) {
      const id = partitionId(partition);
      const before = claimed.get(id);
      if (before === undefined || (before.offset === null && offset === null)) continue;
      const commit = { epoch, now: clock.now(), token: random.token(), keep: 'always' } as const;
      claimed.set(id, await state.offsets.commit(connector, before, offset, commit));
    }
  };
}

/** The same for a sink. */
async function claimPages(
  { connector, alterations, epoch }: InTable,
  { state, clock }: WorkerDeps,
): Promise<() => Promise<void>> {
  const pages = new RunPages({ connector, epoch, pages: state.offsetPages, clock });
  const wanted = new Map(alterations.map(sinkPosition));
  const before = await pages.claim([...wanted.keys()]);
  const changed = [...wanted].filter(([at, offset]) => offset !== null || before.get(at) !== null);
  return () => pages.commit(new Map(changed), { always: true });
}

interface Asked {
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly alterations: readonly Alteration[];
}

/** True: the plugin has seen to offsets that it keeps elsewhere, or has none. */
async function askPlugin(plugin: ConnectorPlugin, { name, config, alterations }: Asked): Promise<boolean> {
  try {
    if (plugin.kind === 'source') {
      const connector = await plugin.connector();
      const offsets = new Map(alterations.map(({ partition, offset }) => [partition, offset]));
      return (await connector.alterOffsets?.(config, offsets)) ?? false;
    }
    const connector = await plugin.connector();
    return (await connector.alterOffsets?.(config, new Map(alterations.map(sinkPosition)))) ?? false;
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== 'UNSUPPORTED') throw error;
    throw new ConnectError(
      `Failed to modify offsets for connector ${name} because it doesn't support external modification of offsets`,
      { cause: error },
    );
  }
}

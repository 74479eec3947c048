import { randomUUID } from 'node:crypto';
import { Herder } from '../../../lib/coordinator/herder.ts';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { storedPositions } from '../../../lib/storage/items/cluster-state.ts';
import { MemoryCluster } from '../../../lib/testing/memory-cluster.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { offsetsDifference, statusDifference } from '../cluster-state.ts';
import { isAction, segmentsOf, type TracedCall } from './segments.ts';
import { normalise } from './normalise.ts';
import type { Scenario } from './trace-recording.ts';
import { traceSink, traceSource } from './trace-plugins.ts';

/** Offsets are committed as often as on the recorded worker; a change of state is noticed at once, as there. */
const workerTiming = { maxFlushIntervalMs: 2_000, heartbeatMs: 100, standbyPollMs: 100, maxRetriesInRun: 20 };
const cadence = { mode: 'continuous', rediscoveryMs: 3_600_000 } as const;
const tickMs = 200;
/** A run ends, and the next begins, within so much; the recorded waits are longer than this. */
const settleMs = 2_000;

/** What differs between the recorded run and ours, for a person; null: nothing. */
export async function replayTrace(scenario: Scenario): Promise<string | null> {
  const replay = new TraceReplay(scenario);
  await replay.run();
  return replay.difference();
}

class TraceReplay {
  readonly #scenario: Scenario;
  readonly #calls: TracedCall[] = [];
  readonly #cluster: MemoryCluster;
  readonly #herder: Herder;
  readonly #name: string;
  #finalDifference: string | null = null;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#name = scenario.id;
    const tell = (call: string): void => void this.#calls.push({ ms: 0, call });
    this.#cluster = new MemoryCluster({
      plugins: [...bundledPlugins, traceSink(tell), traceSource(tell)],
      cadence,
      workerTiming,
    });
    const { state, registry, clock } = this.#cluster;
    this.#herder = new Herder({
      state,
      registry,
      clock,
      random: seededRandom(1),
      workerConfig: {},
      nudge: async () => undefined,
    });
  }

  async run(): Promise<void> {
    const { kafka } = this.#cluster;
    const { config, topicRecords = [] } = this.#scenario;
    const topic = config['topics'];
    if (topic !== undefined) {
      kafka.createTopic({ topic, partitions: 1 });
      this.#produce(topic, topicRecords);
    }
    const actions = segmentsOf(this.#scenario.calls);
    for (const [i, { action, ms }] of actions.entries()) {
      this.#calls.push({ ms: 0, call: `>> ${action}` });
      await this.#act(action);
      const until = (actions[i + 1]?.ms ?? ms + settleMs) - ms;
      for (let passed = 0; passed < Math.max(until, settleMs); passed += tickMs)
        await this.#cluster.tick(tickMs);
    }
  }

  difference(): string | null {
    const redelivers = this.#scenario.config['trace.precommit'] === 'throw';
    const wanted = normalise(segmentsOf(this.#scenario.calls), { ours: false, redelivers });
    const got = normalise(segmentsOf(this.#calls), { ours: true, redelivers });
    const at = wanted.findIndex((line, i) => line !== got[i]);
    const calls =
      at < 0 && wanted.length === got.length
        ? null
        : `the calls differ\n${sideBySide(wanted, got, at < 0 ? wanted.length : at)}`;
    return calls ?? this.#idleDifference() ?? this.#finalDifference;
  }

  /** Idle calls are left out of the comparison, but must have been made where the recording has them. */
  #idleDifference(): string | null {
    const lacks = ['task.put []', 'task.poll -> null', 'task.commit'].find(
      (idle) => has(this.#scenario.calls, idle) && !has(this.#calls, idle),
    );
    return lacks === undefined ? null : `there is no ${lacks}`;
  }

  async #act(action: string): Promise<void> {
    const segment = { action, ms: 0, connector: [], task: [] };
    const { config } = this.#scenario;
    if (isAction(segment, 'POST /connectors')) {
      const initialState = action.includes('initial_state=PAUSED') ? 'PAUSED' : 'RUNNING';
      await this.#herder.create(this.#name, config, {
        worker: { functionName: 'f', version: randomUUID() },
        initialState,
      });
    } else if (isAction(segment, 'produce')) {
      this.#produce(config['topics'] ?? '', JSON.parse(action.slice('produce '.length)) as string[]);
    } else if (action === 'pause') await this.#herder.setTargetState(this.#name, 'PAUSED');
    else if (action === 'resume') await this.#herder.setTargetState(this.#name, 'RUNNING');
    else if (action === 'stop') await this.#herder.setTargetState(this.#name, 'STOPPED');
    else if (action === 'delete') await this.#herder.delete(this.#name);
    else if (action === 'restart-all')
      await this.#herder.restart(this.#name, { includeTasks: true, onlyFailed: false });
    else if (action === 'snapshot taken') await this.#snapshot();
    else throw new Error(`The replay knows no action "${action}"`);
  }

  /** What the recorder did there: ask for status and offsets, then delete the connector. */
  async #snapshot(): Promise<void> {
    const { state } = this.#cluster;
    const { finalStatus, finalOffsets } = this.#scenario;
    const connector = await state.connectors.get(this.#name);
    if (connector === undefined) {
      if (finalStatus !== null) this.#finalDifference = 'the connector is gone';
      return;
    }
    const status =
      finalStatus &&
      statusDifference(finalStatus, await connectorStatus(connector, state, this.#cluster.clock.now()));
    const committed = (await storedPositions(state, connector)).flatMap(({ partition, offset }) =>
      offset === null ? [] : [{ partition, offset }],
    );
    const offsets = finalOffsets === 404 ? null : offsetsDifference(finalOffsets, committed);
    this.#finalDifference = status ?? offsets;
    await this.#herder.delete(this.#name);
  }

  #produce(topic: string, values: readonly string[]): void {
    for (const value of values) {
      this.#cluster.kafka.append({
        topic,
        partition: 0,
        key: null,
        value: Buffer.from(value),
        timestamp: null,
      });
    }
  }
}

const has = (calls: readonly TracedCall[], call: string): boolean => calls.some((each) => each.call === call);

function sideBySide(wanted: readonly string[], got: readonly string[], at: number): string {
  const from = Math.max(0, at - 3);
  const show = (lines: readonly string[]): string =>
    lines
      .slice(from, at + 5)
      .map((line, i) => `    ${i + from === at ? '→' : ' '} ${line}`)
      .join('\n');
  return `  Kafka Connect:\n${show(wanted)}\n  Sluice:\n${show(got)}`;
}

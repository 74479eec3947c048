import type { OffsetMap, SourceOffset } from '../../../lib/api/record.ts';
import { type ClusterState, storedPositions } from '../../../lib/storage/items/cluster-state.ts';
import type { RunStarts } from './pipelines/pipeline.ts';

/** Notes, for each run of a connector, offsets that were stored before the run had claimed anything. */
export class RunWatch {
  readonly #connector: string;
  readonly #state: ClusterState;
  readonly #starts = new Map<number, readonly SourceOffset[]>();
  #before: readonly SourceOffset[] = [];

  constructor(connector: string, state: ClusterState) {
    this.#connector = connector;
    this.#state = state;
  }

  get starts(): RunStarts {
    return this.#starts;
  }

  /** A run that is new now was granted after the last look's offsets were read. */
  async look(): Promise<void> {
    const offsets = await offsetsOf(this.#state, this.#connector);
    const { runs } = await this.#state.snapshot(this.#connector);
    for (const { epoch } of runs) if (!this.#starts.has(epoch)) this.#starts.set(epoch, this.#before);
    this.#before = offsets;
  }
}

/** What a source or a sink has committed. */
export async function offsetsOf(state: ClusterState, name: string): Promise<OffsetMap[]> {
  const connector = await state.connectors.get(name);
  const positions = connector === undefined ? [] : await storedPositions(state, connector);
  return positions.flatMap(({ offset }) => (offset === null ? [] : [offset]));
}

import { type FrozenProcess, ProcessLambda } from '../spine/process-lambda.ts';
import type { WorkerPlace, WorkerPlaces } from './worker-places.ts';

/** The worker function of one connector: processes, each at a place of its own. */
export class WorkerFunction {
  readonly lambda: ProcessLambda;
  #place: WorkerPlace | undefined;
  #frozen: FrozenProcess | undefined;

  constructor(places: WorkerPlaces, environment: NodeJS.ProcessEnv) {
    this.lambda = new ProcessLambda(() => {
      const place = places.take();
      this.#place = place;
      return {
        environment: {
          ...environment,
          BOOTSTRAP_SERVERS: `127.0.0.1:${place.kafka.port}`,
          DYNAMODB_ENDPOINT: `http://127.0.0.1:${place.dynamodb.port}`,
        },
        left: () => places.leave(place),
      };
    });
  }

  /** Freezes the process at work. One at a time lives on after it was thawed: the one before is ended. */
  async freeze(): Promise<() => void> {
    await this.#frozen?.end();
    this.#frozen = this.lambda.freeze();
    return this.#frozen.thaw;
  }

  /** Of the process that was started last. */
  get place(): WorkerPlace {
    if (this.#place === undefined) throw new Error('No process of this function has been started yet');
    return this.#place;
  }
}

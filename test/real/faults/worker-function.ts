import { ProcessLambda } from '../spine/process-lambda.ts';
import type { WorkerPlace, WorkerPlaces } from './worker-places.ts';

/** The worker function of one connector: processes, each at a place of its own. */
export class WorkerFunction {
  readonly lambda: ProcessLambda;
  #place: WorkerPlace | undefined;

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

  /** Of the process that was started last. */
  get place(): WorkerPlace {
    if (this.#place === undefined) throw new Error('No process of this function has been started yet');
    return this.#place;
  }
}

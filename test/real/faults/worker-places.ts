import { TcpProxy } from './tcp-proxy.ts';

/** The ways of one worker process to its servers, and nobody else's while it lives. */
export interface WorkerPlace {
  /** The broker's listener that tells clients to come through `kafka`. */
  readonly listener: string;
  readonly kafka: TcpProxy;
  readonly dynamodb: TcpProxy;
}

/** Places for processes that live at the same time; one that was left is healed before the next one gets it. */
export class WorkerPlaces {
  readonly all: readonly WorkerPlace[];
  readonly #free: WorkerPlace[];

  private constructor(all: readonly WorkerPlace[]) {
    this.all = all;
    this.#free = [...all];
  }

  static async open(count: number): Promise<WorkerPlaces> {
    const numbers = Array.from({ length: count }, (_, number) => number);
    return new WorkerPlaces(
      await Promise.all(
        numbers.map(async (number) => ({
          listener: `WORKER${number}`,
          kafka: await TcpProxy.open(),
          dynamodb: await TcpProxy.open(),
        })),
      ),
    );
  }

  take(): WorkerPlace {
    const place = this.#free.shift();
    if (place === undefined) throw new Error('More worker processes live at once than there are places for');
    heal(place);
    return place;
  }

  leave(place: WorkerPlace): void {
    this.#free.push(place);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.flatMap(({ kafka, dynamodb }) => [kafka.close(), dynamodb.close()]));
  }
}

export function heal({ kafka, dynamodb }: WorkerPlace): void {
  kafka.become('open');
  dynamodb.become('open');
}

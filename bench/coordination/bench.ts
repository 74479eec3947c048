import { systemClock } from '../../lib/foundation/clock.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { startDynalite } from '../../lib/local/dynalite.ts';
import { createTable } from '../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../lib/storage/dynamodb/dynamodb-table.ts';
import { taskMinutes } from '../../lib/testing/task-minutes.ts';
import { storeFigures } from '../store-figures.ts';
import { textTable } from '../text-table.ts';
import { measureTicks, type TickFigures } from './ticks.ts';

interface TaskFigures {
  readonly what: string;
  readonly partitions: number;
  readonly readsAMinute: number;
  readonly writesAMinute: number;
}

/**
 * What coordination costs: reads and writes of a tick and its time on dynalite for 1, 100 and 1,000 connectors of one
 * task, and of the runs of one task a minute, by mode. Figures go to `bench/results/coordination.json`.
 */
const ticks: TickFigures[] = [];
for (const connectors of [1, 100, 1_000]) {
  for (const mode of ['drain', 'continuous'] as const) {
    await using resources = new AsyncDisposableStack();
    const dynalite = resources.use(await startDynalite());
    const client = dynamodbClient(dynalite.clientConfig);
    resources.defer(() => client.destroy());
    await createTable(client, 'bench', systemClock);
    const table = dynamodbTable({ client, tableName: 'bench', log: silentLogger });
    ticks.push(...(await measureTicks(connectors, mode, table)));
    process.stderr.write(`measured ${connectors} connectors, ${mode}\n`);
  }
}
process.stdout.write(
  `A tick\n${textTable([
    ['', 'connectors', 'reads', 'writes', 'ms'],
    ...ticks.map(({ what, connectors, reads, writes, ms }) => [
      what,
      String(connectors),
      String(reads),
      String(writes),
      String(ms),
    ]),
  ])}`,
);

const tasks: TaskFigures[] = [];
for (const kind of ['sink', 'source'] as const) {
  for (const mode of ['drain', 'continuous'] as const) {
    for (const partitions of kind === 'sink' ? [1, 30, 300] : [1, 5, 30]) {
      for (const isBusy of [false, true]) {
        const { reads, writes } = await taskMinutes({ kind, mode, partitions, isBusy });
        const what = `${kind}, ${mode === 'drain' ? 'a drain each minute' : mode}, ${isBusy ? 'a record a second of each' : 'nothing to move'}`;
        tasks.push({ what, partitions, readsAMinute: reads, writesAMinute: writes });
      }
    }
  }
}
process.stdout.write(
  `The runs of one task, a minute\n${textTable([
    ['', 'partitions', 'reads', 'writes'],
    ...tasks.map(({ what, partitions, readsAMinute, writesAMinute }) => [
      what,
      String(partitions),
      readsAMinute.toFixed(1),
      writesAMinute.toFixed(1),
    ]),
  ])}`,
);
await storeFigures('coordination', { ticks, tasks });

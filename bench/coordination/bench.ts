import { systemClock } from '../../lib/foundation/clock.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { startDynalite } from '../../lib/local/dynalite.ts';
import { createTable } from '../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../lib/storage/dynamodb/dynamodb-table.ts';
import { storeFigures } from '../store-figures.ts';
import { textTable } from '../text-table.ts';
import { measureTask, type TaskFigures } from './task-minutes.ts';
import { measureTicks, type TickFigures } from './ticks.ts';

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

const tasks: TaskFigures[] = [
  await measureTask('drain each minute, nothing to move', 'drain', 0),
  await measureTask('drain each minute, 1 partition', 'drain', 1),
  await measureTask('continuous, nothing to move', 'continuous', 0),
  await measureTask('continuous, 1 partition', 'continuous', 1),
  await measureTask('continuous, 5 partitions', 'continuous', 5),
  await measureTask('continuous, 30 partitions', 'continuous', 30),
];
process.stdout.write(
  `The runs of one task, a minute\n${textTable([
    ['', 'reads', 'writes'],
    ...tasks.map(({ what, readsAMinute, writesAMinute }) => [
      what,
      readsAMinute.toFixed(1),
      writesAMinute.toFixed(1),
    ]),
  ])}`,
);
await storeFigures('coordination', { ticks, tasks });

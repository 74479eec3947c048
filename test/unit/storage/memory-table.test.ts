import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { describeTable } from '../../../lib/testing/table-suite.ts';

describeTable('memory', async () => ({ table: memoryTable() }));

import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { describeOffsetPages } from './offset-pages-suite.ts';

describeOffsetPages('memory', async () => ({ table: memoryTable() }));

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all that CDK writes in a test run; CDK itself would leave every App's behind. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cdk-'));
  process.env['SLUICE_TEST_CDK_OUTPUT'] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';

/** An App whose output goes with the test run (cdk-output.ts). */
export function temporaryApp(props: AppProps = {}): App {
  const outdir = mkdtempSync(join(process.env['SLUICE_TEST_CDK_OUTPUT'] ?? tmpdir(), 'app-'));
  return new App({ ...props, outdir });
}

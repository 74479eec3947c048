import { defineConfig } from 'vitest/config';

/** `npm test` runs everything but `real`, which starts real servers (`npm run test:real`). */
export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line-reporter.ts'],
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/*.test.ts', 'examples/**/*.test.ts'], 20_000),
      project('conformance', ['test/conformance/**/*.test.ts'], 60_000),
      project('integration', ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'], 60_000),
      project('simulation', ['test/simulation/**/*.test.ts'], 120_000),
      project('infra', ['test/infra/**/*.test.ts'], 120_000, ['./test/infra/cdk-output.ts']),
      project('real', ['test/real/**/*.test.ts'], 900_000),
    ],
  },
});

function project(name: string, include: string[], testTimeout: number, globalSetup: string[] = []) {
  return {
    test: {
      name,
      include,
      globalSetup,
      testTimeout,
      hookTimeout: testTimeout,
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    },
  };
}

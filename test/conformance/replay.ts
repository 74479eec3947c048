import { difference, type Outcome } from './compare.ts';
import { kinds } from './kinds/index.ts';
import { readText } from './read-json.ts';
import { type Kind, Unsupported, type VectorCase } from './vector-case.ts';

export interface Report {
  readonly passed: number;
  readonly failures: readonly { readonly id: string; readonly difference: string }[];
  /** Reason → how many cases. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Reads a `.jsonl` or `.jsonl.gz` file of cases. */
export function readCases(path: string): VectorCase[] {
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ ...(JSON.parse(line) as VectorCase), line }));
}

export async function replay(cases: readonly VectorCase[]): Promise<Report> {
  let passed = 0;
  const failures: { id: string; difference: string }[] = [];
  const skipped = new Map<string, number>();
  for (const testCase of cases) {
    const kind = kinds[testCase.kind];
    const outcome = kind === undefined ? undefined : await run(kind, testCase);
    if (outcome === undefined || ('threw' in outcome && outcome.threw instanceof Unsupported)) {
      const reason =
        outcome === undefined ? `kind ${testCase.kind}` : String((outcome.threw as Error).message);
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      continue;
    }
    const different = difference(testCase.result, outcome);
    if (different === null) passed++;
    else failures.push({ id: testCase.id, difference: different });
  }
  return { passed, failures, skipped };
}

async function run(kind: Kind, testCase: VectorCase): Promise<Outcome> {
  try {
    return { returned: await kind(testCase) };
  } catch (error) {
    return { threw: error };
  }
}

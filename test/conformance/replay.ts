import { difference, type Outcome } from './compare.ts';
import { kinds } from './kinds/index.ts';
import { type RestStep, restDifference } from './kinds/rest.ts';
import { readText } from './read-json.ts';
import { type Kind, Unsupported, type VectorCase } from './vector-case.ts';

export interface Report {
  readonly passed: number;
  readonly failures: readonly { readonly id: string; readonly difference: string }[];
  /** Reason → how many cases. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** A line of a recording: a call with its result, or a request with its response. */
export type RecordedCase = VectorCase | RestStep;

/** Reads a `.jsonl` or `.jsonl.gz` file of cases. */
export function readCases(path: string): RecordedCase[] {
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = JSON.parse(line) as VectorCase | RestStep;
      return isRestStep(parsed) ? parsed : { ...parsed, line };
    });
}

export async function replay(cases: readonly RecordedCase[]): Promise<Report> {
  let passed = 0;
  const failures: { id: string; difference: string }[] = [];
  const skipped = new Map<string, number>();
  for (const testCase of cases) {
    try {
      const different = isRestStep(testCase)
        ? await restDifference(testCase)
        : await callDifference(testCase);
      if (different === null) passed++;
      else failures.push({ id: idOf(testCase), difference: different });
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      skipped.set(error.message, (skipped.get(error.message) ?? 0) + 1);
    }
  }
  return { passed, failures, skipped };
}

const isRestStep = (testCase: VectorCase | RestStep): testCase is RestStep => 'request' in testCase;

const idOf = (testCase: RecordedCase): string =>
  isRestStep(testCase) ? `step ${testCase.step}: ${testCase.title}` : testCase.id;

async function callDifference(testCase: VectorCase): Promise<string | null> {
  const kind = kinds[testCase.kind];
  if (kind === undefined) throw new Unsupported(`kind ${testCase.kind}`);
  const outcome = await run(kind, testCase);
  if ('threw' in outcome && outcome.threw instanceof Unsupported) throw outcome.threw;
  return difference(testCase.result, outcome);
}

async function run(kind: Kind, testCase: VectorCase): Promise<Outcome> {
  try {
    return { returned: await kind(testCase) };
  } catch (error) {
    return { threw: error };
  }
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordingOf } from '../../../conformance/recordings.ts';
import { readCases } from '../../../conformance/replay.ts';
import type { VectorCase } from '../../../conformance/vector-case.ts';
import type { Question } from '../start-oracle.ts';

const directory = join(import.meta.dirname, '..', '..', '..', 'conformance', 'vectors');
const byKind = Map.groupBy(
  readdirSync(directory)
    .filter((file) => recordingOf(file) === 'cases')
    .flatMap((file) => readCases(join(directory, file)))
    .filter((each): each is VectorCase => 'input' in each),
  ({ kind }) => kind,
);

export const recorded = (kind: string): readonly VectorCase[] => byKind.get(kind) ?? [];

export const questionOf = ({ result: _result, line: _line, ...question }: VectorCase): Question => question;

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCases } from '../../../conformance/replay.ts';
import type { VectorCase } from '../../../conformance/vector-case.ts';
import type { Question } from '../start-oracle.ts';

const directory = join(import.meta.dirname, '..', '..', '..', 'conformance', 'vectors');
const byKind = Map.groupBy(
  readdirSync(directory).flatMap((file) => readCases(join(directory, file))),
  ({ kind }) => kind,
);

export const recorded = (kind: string): readonly VectorCase[] => byKind.get(kind) ?? [];

export const questionOf = ({ result: _result, line: _line, ...question }: VectorCase): Question => question;

import { replay } from '../../conformance/replay.ts';
import { questions } from './generate/questions.ts';
import type { Oracle } from './start-oracle.ts';

export interface Differences {
  readonly asked: number;
  /** One text for a case: what was asked, what Kafka Connect answered, what Sluice did. */
  readonly found: readonly string[];
}

const batch = 1000;

/** Asks Kafka Connect and Sluice the same questions. */
export async function differences(
  oracle: Oracle,
  kind: string,
  seed: number,
  count: number,
): Promise<Differences> {
  const found: string[] = [];
  const all = questions(kind, seed, count);
  for (let from = 0; from < all.length; from += batch) {
    const cases = await oracle.ask(all.slice(from, from + batch));
    const { failures } = await replay(cases);
    const byId = new Map(cases.map((each) => [each.id, each]));
    for (const { id, difference } of failures) found.push(`${byId.get(id)?.line}\n  ${difference}`);
  }
  return { asked: all.length, found };
}

import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { Report } from './report.ts';

const histories = 1_000;
const steps = 800;

/** A part of the seeds for each of two files, so that two processes share them. */
export function keepsEveryPromise(from: number): void {
  describe(`histories ${from} to ${from + histories - 1}`, () => {
    it('keep every promise under every kind of fault', { timeout: 240_000 }, async () => {
      const report = new Report();
      for (let seed = from; seed < from + histories; seed++) {
        const result = await new History({ seed, steps }).run();
        report.add(result);
        expect({ seed, steps, violation: result.violation }).toEqual({ seed, steps, violation: undefined });
      }
      console.log(report.text);
      const neverStruck = Object.entries(report.counts).filter(([, count]) => count === 0);
      expect(neverStruck).toEqual([]);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { clusterFaults, type Fault, faultSchedule, workerFaults } from './fault-schedule.ts';

describe('faultSchedule', () => {
  const rounds = (seed: number, count: number): Fault[][] => {
    const schedule = faultSchedule(seed, ['one', 'two']);
    return Array.from({ length: count }, () => schedule.next().value);
  };

  it('is the same for the same seed, and another for another', () => {
    expect(rounds(7, 3)).toEqual(rounds(7, 3));
    expect(rounds(7, 3)).not.toEqual(rounds(8, 3));
  });

  it('has each fault of a worker once a round for each pipeline, and each of the cluster once', () => {
    for (const round of rounds(7, 20)) {
      const ofWorkers = round.filter(({ kind }) => workerFaults.some((each) => each === kind));
      expect(ofWorkers.map(({ kind, pipeline }) => `${kind} ${pipeline}`).toSorted()).toEqual(
        workerFaults.flatMap((kind) => [`${kind} one`, `${kind} two`]).toSorted(),
      );
      const others = round.filter((fault) => !ofWorkers.includes(fault));
      expect(others.map(({ kind }) => kind).toSorted()).toEqual(clusterFaults.toSorted());
    }
  });

  it('cuts in every way, and lets coordinators die before and after writes of both kinds', () => {
    const all = rounds(7, 20).flat();
    expect([...new Set(all.map(({ cut }) => cut))].toSorted()).toEqual([
      'blackHole',
      'loseAnswers',
      'once',
      'refuse',
    ]);
    expect(new Set(all.map(({ death }) => `${death.when} ${death.counting}`)).size).toBe(4);
  });
});

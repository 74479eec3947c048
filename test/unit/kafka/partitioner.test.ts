import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { createPartitioner, murmur2, partitionForKey } from '../../../lib/kafka/partitioner.ts';

/** Computed by the Java client: `Utils.murmur2` and `Utils.toPositive(...) % partitions`. */
const javaCases = [
  ['', 12, 275646681, 9],
  ['tw4=', 1000, 760461177, 177],
  ['7n8a', 2, -1354673665, 1],
  ['NH8GbtA=', 3, 1873986795, 0],
  ['XcdRJEfj', 2, 300478905, 1],
  ['QwACa25UVQ==', 3, -1625370413, 0],
  ['oGVoXWTEmAs=', 3, -859588408, 1],
  ['1FRKhyGpmgGt', 1, 312702841, 0],
  ['ZDx97LC1gOw3vJcS', 6, 213305664, 0],
  ['LmquuUuujS+fopxaKA==', 50, 2118445010, 10],
  ['6Fbo+aL1jJXwzks5wVv/rQ==', 2, 1932538610, 0],
  ['LfuLuCC2EZy6j/iHlq5bBfI=', 12, 1547945023, 7],
  ['ufSQKNVX15qKDmRR4VxwXBXxcw==', 2, -2108818021, 1],
  ['G0Q4olz3YxLU7rPCJGh5vwCzz44=', 1000, 1000465494, 494],
  ['0Tq/Epowl62WtELW0b3vSFDD9GVE', 12, -1961607604, 4],
  ['', 1, 275646681, 0],
  ['9Aw+', 50, -613619745, 3],
  ['AYHpN2EH29r2', 1000, -180115974, 674],
  ['kvGfSVT0/qlO2Rg=', 1, 1702913911, 0],
  ['PnA4RJXgTF1e01IibQ==', 1, 1856993758, 0],
  ['N8Ikjx08zEQF3S6h+vo=', 3, -1863336403, 1],
  ['x1tDCa4rEi4/6HrH7PWlNw==', 1000, -541677317, 331],
  ['xcFFt5fduRJuXMogMRIQX2dk', 1, -78843977, 0],
  ['+vayANrwmdul7uwzYk9RJL/F8A==', 2, 950462717, 1],
  ['elMRZgx2KM26n17vuZAi71N7WWoW', 50, 1223042020, 20],
  ['GA==', 3, -73356581, 0],
  ['0OQ=', 3, -976121120, 0],
  ['GhNj', 2, -1813235954, 0],
  ['NyxSJm0=', 12, 771172647, 3],
  ['COG3+djA', 12, 560997297, 9],
  ['fSvbfY0f/H8Y', 50, 1814068463, 13],
  ['ZpK/MiTXoMIAkg==', 50, -1093074175, 23],
  ['Qw7iSQkY2ok2w0I=', 3, -1656042647, 0],
  ['IZxWRob+pZIRIA4O', 1, 615041862, 0],
  ['U1MwiVdJ5N7bPKqi5HQ=', 6, -1588969772, 0],
  ['ePa1ye1uZ41mm7Z7u7R/Hw==', 12, 1157098218, 6],
  ['/c2ySUl6+sMTMFbLMpBmpfQ=', 50, -83922664, 34],
  ['8C5lwAU1XscLog2fxPPM5h9L', 1000, -1744692142, 506],
  ['lpyJJ1Un015zINDVdtn3fZrWjyup', 2, 1957889485, 1],
  ['1w9MO5de3mGmNKknH/hGJaNg78R19A==', 1000, -1638647853, 795],
] as const;

describe('the partitioner', () => {
  it.each(javaCases)('puts key %j where the Java client does', (key, partitions, hash, partition) => {
    const bytes = Buffer.from(key, 'base64');
    expect(murmur2(bytes)).toBe(hash);
    expect(partitionForKey(bytes, partitions)).toBe(partition);
  });

  const partitioner = () => createPartitioner(seededRandom(7));
  const keyless = (bytes: number) => ({ topic: 't', key: null, value: Buffer.alloc(bytes) });

  it('follows the key whatever the value', () => {
    const key = Buffer.from('same');
    const sticky = partitioner();
    const chosen = [1, 2, 3].map((size) =>
      sticky.partitionOf({ topic: 't', key, value: Buffer.alloc(size) }, 12),
    );
    expect(new Set(chosen)).toEqual(new Set([partitionForKey(key, 12)]));
  });

  it('takes the partition a record names', () => {
    expect(
      partitioner().partitionOf({ topic: 't', partition: 3, key: Buffer.from('k'), value: null }, 4),
    ).toBe(3);
  });

  it.each([4, -1, 1.5])('refuses partition %j of a topic that has four', (partition) => {
    expect(() => partitioner().partitionOf({ topic: 't', partition, key: null, value: null }, 4)).toThrow(
      /names partition .* which has 4/,
    );
  });

  it('keeps records without a key together for a batch, then moves on, and reaches every partition', () => {
    const sticky = partitioner();
    const runs: number[] = [];
    for (let batch = 0; batch < 60; batch++) {
      const chosen = Array.from({ length: 16 }, () => sticky.partitionOf(keyless(1_024), 6));
      expect(new Set(chosen).size).toBe(1);
      runs.push(chosen[0] ?? -1);
    }
    expect(new Set(runs).size).toBe(6);
  });

  it('spreads records with a key like those without where keys are to be ignored', () => {
    const ignoring = createPartitioner({ next: () => 0, token: () => '' }, { ignoreKeys: true });
    const keyed = { topic: 't', key: Buffer.from('k'), value: null };
    expect(partitionForKey(keyed.key, 12)).not.toBe(0);
    expect(ignoring.partitionOf(keyed, 12)).toBe(0);
    expect(ignoring.partitionOf({ ...keyed, partition: 5 }, 12)).toBe(5);
  });

  it('gives each partition its turn where that is asked for, by topic and whatever the keys', () => {
    const inTurn = createPartitioner({ next: () => 0, token: () => '' }, { spread: 'round robin' });
    const turns = ['t', 't', 'u', 't', 't'].map((topic, index) =>
      inTurn.partitionOf({ topic, key: index % 2 ? Buffer.from('k') : null, value: null }, 3),
    );
    expect(turns).toEqual([0, 1, 0, 2, 0]);
  });

  it('chooses for each topic by itself', () => {
    const sticky = partitioner();
    const first = sticky.partitionOf(keyless(10), 100);
    sticky.partitionOf({ ...keyless(100_000), topic: 'other' }, 100);
    expect(sticky.partitionOf(keyless(10), 100)).toBe(first);
  });

  it('chooses anew when the topic has fewer partitions than before', () => {
    const sticky = partitioner();
    for (let round = 0; round < 20; round++) sticky.partitionOf(keyless(20_000), 50);
    expect(sticky.partitionOf(keyless(1), 1)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart, charted, type ChartGroup } from '../../../bench/kafka/chart.ts';
import { figuresOf } from '../../../bench/kafka/figures.ts';
import type { Run } from '../../../bench/kafka/measured-run.ts';
import { warmFigures } from '../../../bench/kafka/warm.ts';
import { resultsFolder } from '../../../bench/store-figures.ts';
import { medianOf } from '../../../bench/median.ts';

const run = (cpuSeconds: number): Run => ({
  firstSeconds: 1,
  lastSeconds: 3,
  movedAtFirst: 100,
  cpuSecondsAtFirst: 0.5,
  cpuSeconds,
  peakMemoryMb: 10 * cpuSeconds,
});

describe('the bench against a real Kafka', () => {
  it('counts rates between the first records and the last, and CPU with and without the start', () => {
    expect(figuresOf('java', 1100, [run(1.5), run(4.5), run(2.5)])).toEqual({
      contender: 'java',
      recordsPerSecond: 500,
      cpuSecondsPerMillion: 2272.73,
      warmCpuSecondsPerMillion: 2000,
      cpuSecondsToFirst: 0.5,
      secondsToFirst: 1,
      peakMemoryMb: 45,
    });
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1], 2.5],
    [[], NaN],
  ])('the median of %j is %d', (numbers, median) => {
    expect(medianOf(numbers)).toBe(median);
  });

  it('reckons what a warm process needs from what a long run takes beyond a short one', () => {
    const series = (records: number, cpuSeconds: number, ...contenders: string[]) => ({
      records,
      figures: contenders.map((contender) => figuresOf(contender, records, [run(cpuSeconds)])),
    });
    expect(warmFigures(series(1_000_000, 6, 'sluice', 'java'), series(5_000_000, 10, 'java'))).toEqual([
      { contender: 'java', cpuSecondsPerMillion: 1 },
    ]);
  });

  it('shows in the README the chart of the figures that are stored', () => {
    const stored = readFileSync(join(resultsFolder, 'kafka.json'), 'utf8');
    const { results } = JSON.parse(stored) as { results: ChartGroup[] };
    expect(readFileSync(join(resultsFolder, 'kafka.svg'), 'utf8')).toBe(chart(charted(results)));
  });

  it('draws bars to the scale of the longest of their group', () => {
    const figures = [run(1), run(4)].map((each, i) => figuresOf(['sluice', 'java'][i] ?? '', 1000, [each]));
    const widths = [
      ...chart([{ shape: '200 B', path: 'producer', records: 1_000_000, figures }]).matchAll(
        /width="(\d+)" height="14"/g,
      ),
    ];
    expect(widths.map(([, width]) => Number(width))).toEqual([100, 56, 400, 389]);
  });
});

import type { Figures } from './figures.ts';

/** What a chart shows of one shape on one path. */
export interface ChartGroup {
  readonly shape: string;
  readonly path: string;
  readonly records: number;
  readonly figures: readonly Figures[];
}

/** Of each path its first shape, which says it all; the others are in the stored figures. */
export const charted = <G extends ChartGroup>(groups: readonly G[]): readonly G[] =>
  groups.filter(({ shape, path }) => shape === groups.find((group) => group.path === path)?.shape);

const width = 760;
const left = 190;
const barsWidth = 400;
const barHeight = 14;
const rowHeight = 18;
const titleHeight = 26;
const top = 56;

/** Colours that can be read on white and on black. */
const colours: Readonly<Record<string, string>> = {
  sluice: '#0a8f6a',
  kafkajs: '#b58900',
  java: '#6c7a89',
  'java tuned': '#4a90c2',
  debezium: '#b0653a',
  'debezium tuned': '#d0476b',
};
const text = '#7d8590';

/** CPU seconds per million records as bars, one group for each path and shape; each group has a scale of its own. */
export function chart(groups: readonly ChartGroup[]): string {
  const parts: string[] = [];
  let y = top;
  for (const group of groups) {
    parts.push(label(8, y + 14, `${group.path}, ${group.records / 1e6} M × ${group.shape}`, 'bold'));
    y += titleHeight;
    const longest = Math.max(...group.figures.map((each) => each.cpuSecondsPerMillion));
    for (const each of group.figures) {
      parts.push(bar(each, y, longest));
      y += rowHeight;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 12}" viewBox="0 0 ${width} ${y + 12}" font-family="system-ui, sans-serif" font-size="12">
<title>CPU seconds per million records</title>
${label(8, 20, 'CPU seconds per million records: shorter is better', 'bold')}
${label(8, 38, 'Whole bar: the process from its start. Solid part: after its first record arrived.')}
${parts.join('\n')}
</svg>
`;
}

function bar(figures: Figures, y: number, longest: number): string {
  const { contender, cpuSecondsPerMillion: all, warmCpuSecondsPerMillion: warm } = figures;
  const length = (value: number): number => Math.max(1, Math.round((value / longest) * barsWidth));
  const rect = (value: number, opacity: number): string =>
    `<rect x="${left}" y="${y}" width="${length(value)}" height="${barHeight}" fill="${colours[contender] ?? text}" fill-opacity="${opacity}"/>`;
  return [
    label(left - 8, y + 11, contender, 'end'),
    rect(all, 0.4),
    rect(warm, 1),
    label(left + length(all) + 6, y + 11, `${all.toFixed(1)} (${warm.toFixed(1)})`),
  ].join('\n');
}

function label(x: number, y: number, content: string, kind?: 'bold' | 'end'): string {
  const style = { bold: ' font-weight="600"', end: ' text-anchor="end"', none: '' }[kind ?? 'none'];
  return `<text x="${x}" y="${y}" fill="${text}"${style}>${content}</text>`;
}

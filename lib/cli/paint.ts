import type { Terminal } from './terminal.ts';

export const colours = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;
export type Paint = (colour: keyof typeof colours, text: string) => string;

/** Colours on a terminal, unless NO_COLOR (no-color.org) is set; plain text anywhere else. */
export function paintFor({ out, environment }: Pick<Terminal, 'out' | 'environment'>): Paint {
  if (out.isTTY !== true || (environment['NO_COLOR'] ?? '') !== '') return (_colour, text) => text;
  return (colour, text) => `\u001b[${colours[colour]}m${text}\u001b[0m`;
}

import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../lib/connectors/core/text/line-splitter.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

function split(...chunks: Buffer[]): { lines: string[]; consumed: number; pending: number } {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  let consumed = 0;
  for (const chunk of chunks) {
    splitter.space(chunk.length).set(chunk);
    splitter.filled(chunk.length);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      lines.push(line.text);
      consumed += line.bytes;
    }
  }
  return { lines, consumed, pending: splitter.pending };
}

describe('LineSplitter', () => {
  it.each([
    ['ends lines at \\n', 'a\nb\n', ['a', 'b'], 0],
    ['ends lines at \\r', 'a\rb\rc', ['a', 'b'], 1],
    ['ends lines at \\r\\n', 'a\r\nb\r\n', ['a', 'b'], 0],
    ['gives empty lines', '\n\r\n\n', ['', '', ''], 0],
    ['keeps a line that is not ended', 'a\nbc', ['a'], 2],
    ['keeps a \\r at the end, because a \\n may follow', 'a\r', [], 2],
    ['does not take \\n\\r for one end', 'a\n\rb\n', ['a', '', 'b'], 0],
    ['keeps a byte order mark, as Java does', '\uFEFFa\n', ['\uFEFFa'], 0],
    ['does not end lines at other separators', 'a\u2028b\u000bc\n', ['a\u2028b\u000bc'], 0],
  ])('%s', (_, text, lines, pending) => {
    expect(split(bytes(text))).toEqual({ lines, consumed: bytes(text).length - pending, pending });
  });

  it('gives the same lines however the bytes are cut into chunks', () => {
    const text = bytes('één\r\ntwee\rdrie 🚰\n\r\n\nvijf\r\n');
    const whole = split(text);
    for (let size = 1; size <= text.length; size++) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.subarray(i * size, (i + 1) * size),
      );
      expect(split(...chunks)).toEqual(whole);
    }
    expect(whole.lines).toEqual(['één', 'twee', 'drie 🚰', '', '', 'vijf']);
  });
});

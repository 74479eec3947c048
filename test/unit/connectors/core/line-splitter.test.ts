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

/** The same with room for a chunk taken before the lines of the one before are: so it is with a read under way. */
function splitAhead(...chunks: Buffer[]): ReturnType<typeof split> {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  let consumed = 0;
  for (const chunk of [...chunks, bytes('')]) {
    const room = splitter.space(chunk.length);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      lines.push(line.text);
      consumed += line.bytes;
    }
    room.set(chunk);
    splitter.filled(chunk.length);
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
      expect(splitAhead(...chunks)).toEqual(whole);
    }
    expect(whole.lines).toEqual(['één', 'twee', 'drie 🚰', '', '', 'vijf']);
  });

  it('gives the same lines when room is made while some are given out', () => {
    const text = bytes('a\r\nbb\nccc\rdddd\r\n\n\reeeee\nffffff\r\n'.repeat(40));
    const whole = split(text);
    const splitter = new LineSplitter();
    const lines: string[] = [];
    let given = 0;
    for (let round = 0; lines.length < whole.lines.length; round++) {
      const chunk = text.subarray(given, given + 1 + ((round * 7) % 30));
      const room = splitter.space(chunk.length);
      for (let i = 0; i < round % 4; i++) {
        const line = splitter.next();
        if (line !== undefined) lines.push(line.text);
      }
      room.set(chunk);
      splitter.filled(chunk.length);
      given += chunk.length;
    }
    expect(lines).toEqual(whole.lines);
  });
});

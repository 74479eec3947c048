/**
 * The text of a .properties file as java.util.Properties reads it: comments, continued lines, `=`, `:` or space after
 * the key, escapes. Of a key that is there twice the last counts. Throws a SyntaxError for a broken `\uXXXX`.
 */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const key = /^(?:\\[\s\S]|[^\\=: \t\f])*/.exec(line)?.[0] ?? '';
    const value = line.slice(key.length).replace(/^[ \t\f]*(?:[=:][ \t\f]*)?/, '');
    properties.set(unescape(key), unescape(value));
  }
  return properties;
}

/** Lines without blank ones and comments, each joined with those it is continued on. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const part = natural.replace(/^[ \t\f]+/, '');
    // Behind a lone backslash nothing is gathered yet: what follows may still be a comment.
    if (line === '' && /^(?:[#!]|$)/.test(part)) continue;
    const isContinued = (/\\+$/.exec(part)?.[0].length ?? 0) % 2 === 1;
    line += isContinued ? part.slice(0, -1) : part;
    if (isContinued) continue;
    if (line !== '') lines.push(line);
    line = '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([\s\S]{0,4})|([\s\S]))/g, (_, hex: string | undefined, char: string) => {
    if (hex === undefined) return controls[char] ?? char;
    // The file may hold secrets: the message quotes nothing of it (Invariant 8).
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new SyntaxError('Malformed \\uxxxx encoding.');
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

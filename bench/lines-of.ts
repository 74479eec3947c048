/** Views into one buffer, as values are in a fetched batch. */
export function linesOf(file: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf('\n', at);
    lines.push(file.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

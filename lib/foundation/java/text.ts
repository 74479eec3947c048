/** String.trim of Java: drops control characters and the space, but no other Unicode white space. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** Java counts every decimal digit of Unicode as one: Arabic-Indic and full-width digits become ASCII here. */
export function asciiDigits(text: string): string {
  return /[^\0-\x7f]/.test(text)
    ? text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)))
    : text;
}

/** Decimal digits come in runs of ten whose first stands for zero. */
function digitValue(code: number): number {
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}

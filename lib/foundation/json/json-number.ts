/** A number literal that a JavaScript number would not show as it was written: `12.0`, `1E400`, 20 digits. */
export class JsonNumber {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  /** Written without a point and without an exponent. */
  get isInteger(): boolean {
    return !/[.eE]/.test(this.literal);
  }
}

/**
 * The double Jackson makes of a literal. It goes through BigDecimal, which has no negative zero: `-0.0` is 0.0, while
 * what is too small for a double keeps its sign.
 */
export function decimalLiteralToDouble(literal: string): number {
  const double = Number(literal);
  return double === 0 && !/^-?[0.]*[1-9]/.test(literal) ? 0 : double;
}

/** What a reader makes of the literals a plain number is not exact for. */
export type NumberHook = (literal: string) => unknown;

/** An integer as number or bigint, everything else as number: for data of our own, where 12.0 and 12 are the same. */
export const exactInteger: NumberHook = (literal) => {
  const number = Number(literal);
  return /[.eE]/.test(literal) || Number.isSafeInteger(number) ? number : BigInt(literal);
};

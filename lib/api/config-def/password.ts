/** A secret: prints as `[hidden]` wherever it ends up by accident (Invariant 8); `value` is the clear text. */
export class Password {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  get value(): string {
    return this.#value;
  }
  toString(): string {
    return '[hidden]';
  }
  toJSON(): string {
    return '[hidden]';
  }
}

/** What happened, told line by line. Nothing is put into words unless somebody listens. */
export class Story {
  readonly #tell: ((line: string) => void) | undefined;
  readonly #now: () => number;

  constructor(now: () => number, tell?: (line: string) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  get isTold(): boolean {
    return this.#tell !== undefined;
  }

  tell(who: string, what: () => string): void {
    this.#tell?.(`${time(this.#now())}  ${who.padEnd(22)} ${what()}`);
  }
}

/** `1:02:03.456`: hours, minutes, seconds since the history began. */
export function time(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const thousandths = String(Math.floor(ms % 1000)).padStart(3, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${thousandths}`;
}

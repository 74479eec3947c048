interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: (() => void) | undefined;
  cancelled: boolean;
}

export interface Appointment {
  cancel(): void;
}

/**
 * Time and order of a history: whatever is to happen waits here for its moment. One thing happens at a time, and all
 * code it wakes runs until it waits again, before the next thing happens.
 */
export class Agenda {
  /** Milliseconds since the history began. */
  now = 0;
  steps = 0;
  #order = 0;
  /** A binary heap, earliest first; equal times in the order in which they were entered. */
  readonly #heap: Entry[] = [];

  after(ms: number, act: () => void): Appointment {
    const entry: Entry = { at: this.now + Math.max(0, ms), order: this.#order++, act, cancelled: false };
    this.#push(entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** When the next thing happens; Infinity: never. */
  get next(): number {
    while (this.#heap[0]?.cancelled === true) this.#pop();
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Lets the next thing happen, and everything that follows from it without waiting. */
  async step(): Promise<void> {
    if (this.next === Infinity) return;
    const entry = this.#pop();
    this.now = Math.max(this.now, entry.at);
    this.steps++;
    entry.act?.();
    await settled();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const first = heap[0] as Entry;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Every promise that can go on has gone on: nothing in a history waits for anything but the agenda. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

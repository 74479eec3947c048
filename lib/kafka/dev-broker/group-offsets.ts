export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly metadata: string | null;
}

/** Committed offsets of consumer groups; membership does not exist here, nothing of Sluice joins a group. */
export class GroupOffsets {
  readonly #groups = new Map<string, Map<string, GroupOffset>>();

  commit(group: string, offset: GroupOffset): void {
    const offsets = this.#groups.get(group) ?? new Map<string, GroupOffset>();
    offsets.set(`${offset.topic}-${offset.partition}`, offset);
    this.#groups.set(group, offsets);
  }

  get(group: string, topic: string, partition: number): GroupOffset | undefined {
    return this.#groups.get(group)?.get(`${topic}-${partition}`);
  }

  all(): { group: string; offset: GroupOffset }[] {
    return [...this.#groups].flatMap(([group, offsets]) =>
      [...offsets.values()].map((offset) => ({ group, offset })),
    );
  }
}

/**
 * The table port: the few DynamoDB operations the protocol needs. Adapters (`dynamodb/`, `memory/`) implement
 * these; what an operation means (claim, commit, release …) is written once, above it, in `items/`, so that the
 * simulation runs the very conditions that run in production.
 */
export type Attribute =
  | string
  | number
  | boolean
  | null
  | readonly Attribute[]
  | { readonly [name: string]: Attribute };

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & { readonly [attribute: string]: Attribute };

/** A condition on the item as stored. An item that does not exist has no attributes. Top-level attributes only. */
export type Condition =
  | { readonly exists: string }
  | { readonly absent: string }
  | { readonly equals: readonly [attribute: string, value: string | number | boolean] }
  | { readonly in: readonly [attribute: string, values: readonly (string | number | boolean)[]] }
  | { readonly less: readonly [attribute: string, value: number] }
  | { readonly atMost: readonly [attribute: string, value: number] }
  | { readonly more: readonly [attribute: string, value: number] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

/** `applied: false` means the condition did not hold; `item` is then what is stored now (absent: no item). */
export type WriteResult =
  | { readonly applied: true; readonly item: Item }
  | { readonly applied: false; readonly item?: Item };

export interface Update {
  readonly set?: Readonly<Record<string, Attribute>>;
  /** Atomic counters: absent counts as 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

export interface WriteOptions {
  readonly if?: Condition;
  /**
   * Marks the write so that it is recognised if it was applied but its answer was lost and it is sent again:
   * stored as attribute `writeToken`; a failed condition with this token in place counts as applied.
   * Required with `if` wherever a second application would be refused by the first one.
   */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface QueryOptions extends ReadOptions {
  /** Only items whose `sk` is this one or comes after it; with a prefix it has no effect. */
  readonly from?: string;
}

/** All reads are strongly consistent. Throttles and outages are retried inside, then thrown as RetriableError. */
export interface Table {
  get(key: Key, options?: ReadOptions): Promise<Item | undefined>;
  /** Every item of `pk` whose `sk` starts with `prefix`, in `sk` order; pages are followed. */
  query(pk: string, prefix?: string, options?: QueryOptions): Promise<Item[]>;
  /** Replaces the whole item. */
  put(item: Item, options?: WriteOptions): Promise<WriteResult>;
  /** Changes attributes; creates the item where it does not exist and the condition allows it. */
  update(key: Key, update: Update, options?: WriteOptions): Promise<WriteResult>;
  /** `item` in the result is what was deleted or, if not applied, what is stored. */
  delete(key: Key, options?: WriteOptions): Promise<{ applied: boolean }>;
}

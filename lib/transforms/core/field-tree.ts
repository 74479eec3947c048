import type { Schema } from '../../api/data/schema.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { ConfigError } from '../../api/errors.ts';
import { javaHashOrder } from '../../foundation/java/hash-order.ts';
import type { FieldPath } from './field-path.ts';

/** How the schema and the value of a field change. */
export interface Conversion {
  /** Returning its argument says that the schema stays as it is. */
  schema(schema: Schema): Schema;
  /** `schema` is the old one; null for a value without a schema. */
  value(value: ConnectValue, schema: Schema | null): ConnectValue;
  /** True: an absent key of a map stays absent. Otherwise it is converted like a null, as Kafka Connect does. */
  readonly skipsAbsent?: boolean;
}

/** What becomes of one field. Without any property it stays as it is. */
export interface FieldChange {
  readonly drop?: boolean;
  readonly rename?: string;
  readonly convert?: Conversion;
}

/** A field to add. Its value comes with each record, in a list that follows the order of the insertions. */
export interface Insertion {
  readonly path: FieldPath;
  readonly schema: Schema;
}

export interface FieldNode {
  readonly change: FieldChange;
  /** Null: the change is for the field as a whole. */
  readonly inside: FieldTree | null;
}

const asItIs: FieldChange = {};

/**
 * What becomes of the fields of a struct or a map, and of those nested in them: one level for each step of the paths
 * (KIP-821). Plain names make a tree of one level. `StructPlan` and `editMap` carry it out.
 */
export class FieldTree {
  readonly nodes = new Map<string, FieldNode>();
  /** Names at this level, schemas, and the places of their values. */
  readonly insertions: { readonly name: string; readonly schema: Schema; readonly index: number }[] = [];
  /** Whether fields that no path names stay. */
  readonly keepsOthers: boolean;
  #keepsNames = true;

  constructor(options: { readonly keepsOthers: boolean } = { keepsOthers: true }) {
    this.keepsOthers = options.keepsOthers;
  }

  static of(changes: Iterable<readonly [FieldPath, FieldChange]>): FieldTree {
    const tree = new FieldTree();
    for (const [path, change] of changes) tree.set(path, change);
    return tree;
  }

  static ofInsertions(insertions: readonly Insertion[]): FieldTree {
    const tree = new FieldTree();
    for (const [index, { path, schema }] of insertions.entries())
      tree.#levelOf(path)?.insertions.push({ name: path.last, schema, index });
    return tree;
  }

  /** Adds to what becomes of a field. Throws a ConfigError where two conversions are one inside the other. */
  set(path: FieldPath, change: FieldChange): void {
    const level = this.#levelOf(path);
    const node = level?.nodes.get(path.last);
    if (level === null || (node === undefined && !level.keepsOthers)) return;
    if (change.convert !== undefined && node?.inside) throw overlapping(path);
    const inside = change.drop === true ? null : (node?.inside ?? null);
    if (change.drop === true || change.rename !== undefined) level.#keepsNames = false;
    level.nodes.set(path.last, { change: { ...node?.change, ...change }, inside });
  }

  /** Whether every field that was there stays, under its name. */
  get keepsNames(): boolean {
    return this.keepsOthers && this.#keepsNames;
  }

  /** New name at this level → old name. Of two old ones it is the last in the order of a Java map. */
  get renamedFrom(): ReadonlyMap<string, string> {
    const renamed = [...this.nodes.keys()].filter(
      (name) => this.nodes.get(name)?.change.rename !== undefined,
    );
    return new Map(
      javaHashOrder(renamed).map((name) => [this.nodes.get(name)?.change.rename ?? name, name] as const),
    );
  }

  /** Whether something required is inserted: there is no value for it but with a record. */
  get needsRecord(): boolean {
    return (
      this.insertions.some(({ schema }) => !schema.optional) ||
      [...this.nodes.values()].some(({ inside }) => inside?.needsRecord === true)
    );
  }

  /** For a tree that does not keep others: keeps this field, and of the structs on the way to it nothing else. */
  keep(path: FieldPath): void {
    this.#keepStep(path, 0);
  }

  #keepStep(path: FieldPath, depth: number): void {
    const step = path.parents[depth];
    if (step === undefined) {
      this.nodes.set(path.last, { change: asItIs, inside: null });
      return;
    }
    const inside = new FieldTree({ keepsOthers: false });
    const node = this.nodes.get(step) ?? { change: asItIs, inside };
    this.nodes.set(step, node);
    // Null: another path keeps all of it.
    if (node.inside !== null) node.inside.#keepStep(path, depth + 1);
  }

  /** Where the last step of a path is; null where a step on the way is gone. */
  #levelOf(path: FieldPath, depth = 0): FieldTree | null {
    const step = path.parents[depth];
    if (step === undefined) return this;
    const node = this.nodes.get(step);
    if (node?.change.drop === true || (node === undefined && !this.keepsOthers)) return null;
    if (node?.change.convert !== undefined) throw overlapping(path);
    const inside = node?.inside ?? new FieldTree();
    this.nodes.set(step, { change: node?.change ?? asItIs, inside });
    return inside.#levelOf(path, depth + 1);
  }
}

const overlapping = ({ steps }: FieldPath): ConfigError =>
  new ConfigError(`The path to [${steps.join(', ')}] overlaps with another path`, {
    hint: 'Name a struct or the fields in it, not both.',
  });

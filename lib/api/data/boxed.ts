/**
 * Numbers of a schemaless record whose Java type cannot be told from their value: `12` is a Long, `new Float64(12)`
 * is the Double 12.0, `new Int32(5)` an Integer (what `Cast` to int32 leaves behind). Bigger picture: value.ts.
 */
abstract class Box {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
}

export class Int8 extends Box {
  readonly type = 'INT8';
}
export class Int16 extends Box {
  readonly type = 'INT16';
}
export class Int32 extends Box {
  readonly type = 'INT32';
}
export class Float32 extends Box {
  readonly type = 'FLOAT32';
}
export class Float64 extends Box {
  readonly type = 'FLOAT64';
}

export type Boxed = Int8 | Int16 | Int32 | Float32 | Float64;

export const isBoxed = (value: unknown): value is Boxed => value instanceof Box;

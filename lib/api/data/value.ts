import type { BigInteger } from './big-integer.ts';
import type { Boxed } from './boxed.ts';
import type { Instant } from './instant.ts';
import type { Decimal } from './decimal.ts';
import type { Struct } from './struct.ts';

/**
 * Every value that may stand in a record's key, value or header, and the Java value it means.
 *
 * | TypeScript | with a schema | without a schema |
 * |---|---|---|
 * | `number` | INT8, INT16, INT32, FLOAT32, FLOAT64 by the schema | safe integer = Long, anything else = Double |
 * | `bigint` | INT64 | Long (only where `number` would not be exact) |
 * | `Boxed` (Int8, Int16, Int32, Float32, Float64) | not used | Byte, Short, Integer, Float, and a Double whose value is an integer (12.0) |
 * | `boolean`, `string`, `null` | the same | the same |
 * | `Uint8Array` | BYTES | byte[] |
 * | `Decimal` | logical type Decimal | BigDecimal |
 * | `BigInteger` | not used | BigInteger |
 * | `Instant` | logical types Date, Time, Timestamp | java.util.Date |
 * | array | ARRAY | List |
 * | `Map` | MAP | a Map whose keys are not all strings |
 * | plain object | not used | a Map with string keys (what JSON.parse returns) |
 * | `Struct` | STRUCT | not used |
 */
export type ConnectValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Boxed
  | Decimal
  | BigInteger
  | Instant
  | Struct
  | readonly ConnectValue[]
  | ReadonlyMap<ConnectValue, ConnectValue>
  | { readonly [key: string]: ConnectValue };

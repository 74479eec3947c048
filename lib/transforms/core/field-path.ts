import { ConnectSchema, type Field, type Schema } from '../../api/data/schema.ts';
import type { Struct } from '../../api/data/struct.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { ConfigError } from '../../api/errors.ts';
import { fieldOf, requireMapOrNull, requireStructOrNull } from './requirements.ts';
import { getFrom, type SchemalessMap } from './schemaless-map.ts';
import { fieldValue } from './schemas.ts';

/** What Connect's messages call following a path. */
export const nestedPurpose = 'nested field access';

/** The way to a field: one name, or with syntax V2 (KIP-821) names parted by dots. */
export class FieldPath {
  readonly steps: readonly string[];
  /** The steps but the last. */
  readonly parents: readonly string[];
  /** The name of the field itself. */
  readonly last: string;

  /** Throws a ConfigError for a backtick that is never closed. */
  constructor(path: string, version: 'V1' | 'V2') {
    this.steps = version === 'V1' ? [path] : splitPath(path);
    this.parents = this.steps.slice(0, -1);
    this.last = this.steps.at(-1) ?? '';
  }

  /** Undefined where a step leads nowhere. Throws a DataError where a step is not in a struct. */
  fieldFrom(schema: Schema): Field | undefined {
    let current = schema;
    for (const step of this.parents) {
      const field = fieldOf(current, step);
      if (field === undefined) return undefined;
      current = field.schema;
    }
    return fieldOf(current, this.last);
  }

  /**
   * The schema for a copy of the field's value, undefined where there is no field: where a struct on the way may be
   * null, so may the copy.
   */
  copySchema(schema: Schema): Schema | undefined {
    const field = this.fieldFrom(schema);
    if (field === undefined || field.schema.optional || field.schema.type === 'STRUCT') return field?.schema;
    let current: Schema | undefined = schema;
    for (const step of this.parents) {
      current = current?.field(step)?.schema;
      if (current?.optional === true) return new ConnectSchema({ ...field.schema, optional: true });
    }
    return field.schema;
  }

  /** Null where there is nothing. */
  valueFromStruct(struct: Struct, withDefault: boolean): ConnectValue {
    let current = struct;
    for (const step of this.parents) {
      const next = requireStructOrNull(read(current, step, withDefault), nestedPurpose);
      if (next === null) return null;
      current = next;
    }
    return read(current, this.last, withDefault);
  }

  valueFromMap(map: SchemalessMap): ConnectValue {
    let current = map;
    for (const step of this.parents) {
      const next = requireMapOrNull(getFrom(current, step), nestedPurpose);
      if (next === null) return null;
      current = next;
    }
    return getFrom(current, this.last);
  }
}

function read(struct: Struct, name: string, withDefault: boolean): ConnectValue {
  const field = struct.schema.field(name);
  return field === undefined ? null : fieldValue(struct.values, field, withDefault);
}

/**
 * Dots part the steps. A step that begins with a backtick goes on to the backtick before a dot or the end; a
 * backslash takes that meaning from such a backtick. Anywhere else both are ordinary characters.
 */
function splitPath(path: string): string[] {
  const steps: string[] = [];
  for (let position = 0; position < path.length; ) {
    const { step, end } =
      path.charAt(position) === '`' ? quotedStep(path, position) : plainStep(path, position);
    steps.push(step);
    position = end + 1;
    // A dot at the very end is followed by one more step, which is empty.
    if (end === path.length - 1) steps.push('');
  }
  return steps;
}

function plainStep(path: string, start: number): { step: string; end: number } {
  const dot = path.indexOf('.', start);
  const end = dot < 0 ? path.length : dot;
  return { step: path.slice(start, end), end };
}

function quotedStep(path: string, start: number): { step: string; end: number } {
  let step = '';
  for (let i = start + 1; i < path.length; i++) {
    const char = path.charAt(i);
    const closes = char === '`' && (i + 1 === path.length || path.charAt(i + 1) === '.');
    if (closes && path.charAt(i - 1) !== '\\') return { step, end: i + 1 };
    step = closes ? `${step.slice(0, -1)}\`` : step + char;
  }
  throw new ConfigError(
    `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${start} to escape it`,
  );
}

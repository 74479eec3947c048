import { schemaTypes, type SchemaType } from '../../api/data/schema.ts';
import { javaTrim } from '../../foundation/java/text.ts';
import { ConfigError } from '../../api/errors.ts';
import { invalid } from '../../api/config-def/invalid.ts';

export const castTargets = [
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FLOAT32',
  'FLOAT64',
  'BOOLEAN',
  'STRING',
] as const;
export type CastTarget = (typeof castTargets)[number];

export interface CastSpec {
  /** The type the whole value is cast to; null: fields are. */
  readonly whole: CastTarget | null;
  readonly fields: ReadonlyMap<string, CastTarget>;
}

/** Reads `field:type,…` or one bare type. Throws a ConfigError. */
export function parseCastSpec(spec: readonly string[]): CastSpec {
  if (spec.length === 0) throw new ConfigError('Must specify at least one field to cast.');
  const fields = new Map<string, CastTarget>();
  let whole: CastTarget | null = null;
  for (const mapping of spec) {
    // Java's split drops an empty part at the end.
    const parts = mapping.replace(/:+$/, '').split(':');
    const [first = '', second] = parts;
    // Connect reports it in the words of ReplaceField.
    if (parts.length > 2) throw invalid('renames', spec, `Invalid rename mapping: ${mapping}`);
    if (second === undefined) whole = targetOf(javaTrim(first));
    else fields.set(javaTrim(first), targetOf(javaTrim(second)));
  }
  if (whole !== null && spec.length > 1) {
    throw new ConfigError(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    );
  }
  return { whole, fields };
}

function targetOf(name: string): CastTarget {
  const type = name.toUpperCase();
  if (!schemaTypes.includes(type as SchemaType)) {
    // The odd word order is Connect's.
    throw ConfigError.invalid(
      `Invalid type found in casting spec: ${name}`,
      `java.lang.IllegalArgumentException: No enum constant org.apache.kafka.connect.data.Schema.Type.${type}`,
    );
  }
  if (castTargets.includes(type as CastTarget)) return type as CastTarget;
  throw new ConfigError(
    `Cast transformation does not support casting to ${type}; supported types are [${castTargets.join(', ')}]`,
  );
}

import type { ConfigKey } from '../../api/config-def.ts';
import { caseInsensitiveOneOf } from '../../api/config-def/validators.ts';
import { FieldPath } from './field-path.ts';

/** The option most transformations of struct fields share. */
export const replaceNullWithDefault = {
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'MEDIUM',
    doc: 'Read a null field that has a default as the default.',
  },
} as const;

/** How names of fields are read (KIP-821); `plain` says what they are without nesting. */
export const fieldSyntaxVersion = (plain: string) =>
  ({
    'field.syntax.version': {
      type: 'STRING',
      default: 'V1',
      validator: caseInsensitiveOneOf('V1', 'V2'),
      importance: 'HIGH',
      doc: `V1: ${plain}. V2: dots lead into nested structs and maps, backticks quote names with dots.`,
    },
  }) as const satisfies Record<string, ConfigKey>;

/** The same where Kafka Connect does not have it yet. */
export function fieldSyntaxExtension(plain: string) {
  const { 'field.syntax.version': key } = fieldSyntaxVersion(plain);
  return {
    'field.syntax.version': {
      ...key,
      extension: true,
      doc: `${key.doc} An extension: Kafka Connect 4.3 has V1 only here.`,
    },
  } as const satisfies Record<string, ConfigKey>;
}

/** A path as the option has it. Throws a ConfigError for a backtick that is never closed. */
export const fieldPath = (
  path: string,
  { 'field.syntax.version': version }: { readonly 'field.syntax.version': string },
): FieldPath => new FieldPath(path, version.toUpperCase() === 'V2' ? 'V2' : 'V1');

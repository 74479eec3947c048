import { ConfigDef } from '../api/config-def.ts';
import { javaRegex } from '../api/config-def/validators.ts';
import { compileJavaRegex } from '../foundation/java/regex.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { recordPlugin } from './core/side-plugin.ts';

const configDef = new ConfigDef({
  regex: {
    type: 'STRING',
    validator: javaRegex,
    importance: 'HIGH',
    doc: 'A Java regular expression for the whole topic.',
  },
  replacement: {
    type: 'STRING',
    importance: 'HIGH',
    doc: 'The new topic; `$1` and `${name}` stand for groups of the expression.',
  },
});

/** Renames the topics that match a regular expression. */
export const regexRouter: TransformationPlugin = recordPlugin('RegexRouter', configDef, (config) => {
  const regex = compileJavaRegex(config.regex);
  return (record) =>
    regex.matches(record.topic)
      ? { ...record, topic: regex.replaceFirst(record.topic, config.replacement) }
      : record;
});

import { ConfigDef } from '../../api/config-def.ts';
import { allOf, javaRegex, nonEmptyString } from '../../api/config-def/validators.ts';
import { compileJavaRegex } from '../../foundation/java/regex.ts';
import type { PredicatePlugin } from '../../api/transform.ts';
import { predicatePlugin } from './predicate-plugin.ts';

const configDef = new ConfigDef({
  pattern: {
    type: 'STRING',
    validator: allOf(nonEmptyString, javaRegex),
    importance: 'MEDIUM',
    doc: 'A Java regular expression for the whole topic.',
  },
});

export const topicNameMatches: PredicatePlugin = predicatePlugin(
  'TopicNameMatches',
  configDef,
  ({ pattern }) => {
    const regex = compileJavaRegex(pattern);
    return ({ topic }) => typeof topic === 'string' && regex.matches(topic);
  },
);

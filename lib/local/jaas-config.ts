import { ConfigError } from '../api/errors.ts';

/** One login module of a JAAS config, such as `org.….PlainLoginModule required username="ann" password="…";` */
export interface LoginModule {
  readonly className: string;
  readonly options: ReadonlyMap<string, string>;
}

const start = /\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b/iy;
const option = /\s*([\w.$-]+)\s*=\s*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|([^\s;"']+))/y;
const end = /\s*;\s*$/y;

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * Reads `sasl.jaas.config`. Behaviour: org.apache.kafka.common.security.JaasConfig, for one module. Throws ConfigError,
 * which quotes nothing of the text (Invariant 8).
 */
export function parseJaasConfig(text: string): LoginModule {
  start.lastIndex = 0;
  const className = start.exec(text)?.[1];
  if (className === undefined)
    throw unreadable('it does not begin with "<class of the login module> required"');
  const options = new Map<string, string>();
  let position = start.lastIndex;
  for (;;) {
    option.lastIndex = position;
    const match = option.exec(text);
    if (match === null) break;
    const [, name = '', double, single, bare = ''] = match;
    const quoted = double ?? single;
    options.set(name, quoted === undefined ? bare : unescape(quoted));
    position = option.lastIndex;
  }
  end.lastIndex = position;
  if (!end.test(text))
    throw unreadable(`what follows option ${options.size} is neither an option nor the final ";"`);
  return { className, options };
}

const unescape = (text: string): string =>
  text.replace(/\\([\s\S])/g, (_, char: string) => controls[char] ?? char);

const unreadable = (why: string): ConfigError =>
  new ConfigError(`sasl.jaas.config cannot be read: ${why}`, {
    hint: 'Write it in one line: org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
  });

import { describe, expect, it } from 'vitest';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../../../lib/plugins/validate.ts';
import type { PlainValue } from '../../../lib/preview/plain-value.ts';
import { Secrets } from '../../../lib/preview/secrets.ts';

const registry = new PluginRegistry(bundledPlugins);
function secretsOf(password: string): Secrets {
  const config = {
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'connection.url': '${env:URL}',
    'connection.password': password,
  };
  const resolved = { ...config, 'connection.url': 'jdbc:x' };
  return new Secrets(validateConnectorConfig(config, registry), config, resolved);
}

describe('secrets', () => {
  it.each<[string, string, PlainValue, PlainValue]>([
    ['a value that is a short secret', 'abc', { a: ['abc', 'abcd', 1] }, { a: ['[hidden]', 'abcd', 1] }],
    ['a long secret inside of a value', 'correcthorse', 'Bearer correcthorse', 'Bearer [hidden]'],
    ['a short secret in JSON text', 'abc', '{"a":"abc","b":"abcd"}', '{"a":"[hidden]","b":"abcd"}'],
    ['a secret as bytes', 'abc', new Uint8Array([97, 98, 99]), new Uint8Array(Buffer.from('[hidden]'))],
    ['nothing when the password is empty', '', 'abc', 'abc'],
    ['not what a placeholder stood for, which may be a topic', 'abc', 'jdbc:x', 'jdbc:x'],
  ])('hide in data %s', (_what, password, value, expected) => {
    expect(secretsOf(password).hideInData(value)).toEqual(expected);
  });

  it('hide every occurrence in messages, also of what a placeholder stood for', () => {
    expect(secretsOf('abc').hideInText('abcabc at jdbc:x')).toBe('[hidden][hidden] at [hidden]');
  });
});

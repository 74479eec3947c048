import { describe, expect, it } from 'vitest';
import { parseJaasConfig } from '../../../lib/local/jaas-config.ts';

describe('sasl.jaas.config', () => {
  it.each([
    ['a.B required;', 'a.B', {}],
    ['a.B required username="ann" password="se;cr=t";', 'a.B', { username: 'ann', password: 'se;cr=t' }],
    ["a.B required username='ann' scope=kafka ;", 'a.B', { username: 'ann', scope: 'kafka' }],
    [String.raw`a.B required password="a\"b\\c";`, 'a.B', { password: String.raw`a"b\c` }],
    [
      '\n  a.Outer$Inner REQUIRED\n  username = "ann"\n  password="" ;\n',
      'a.Outer$Inner',
      { username: 'ann', password: '' },
    ],
  ])('%s', (text, className, options) => {
    const parsed = parseJaasConfig(text);
    expect({ ...parsed, options: Object.fromEntries(parsed.options) }).toEqual({ className, options });
  });

  it.each([
    ['', 'does not begin'],
    ['username="ann" password="sesame";', 'does not begin'],
    ['a.B required username="ann" password="sesame"', 'what follows option 2'],
    ['a.B required username="ann" "sesame";', 'what follows option 1'],
    ['a.B required password="sesame;', 'what follows option 0'],
  ])('is refused, without telling what it holds: %s', (text, why) => {
    expect(() => parseJaasConfig(text)).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        message: expect.stringContaining(why),
        hint: expect.stringContaining('required username'),
      }),
    );
    expect(() => parseJaasConfig(text)).toThrow(expect.not.stringContaining('sesame'));
  });
});

import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/rest/config-body.ts';

describe('a config in the body of a request', () => {
  it('has scalars as the text they are written as, and null as null', () => {
    expect(
      readConfig('{"a":"x","b":1.50,"c":true,"d":1e3,"e":12345678901234567890,"f":null,"g":-1}'),
    ).toEqual({
      a: 'x',
      b: '1.50',
      c: 'true',
      d: '1e3',
      e: '12345678901234567890',
      f: null,
      g: '-1',
    });
  });

  it('takes the last of two equal keys, and a byte order mark', () => {
    expect(readConfig('\ufeff{"a":"x","a":"y"}')).toEqual({ a: 'y' });
  });

  it.each([
    [null, 'The request has no body'],
    ['  ', 'The request has no body'],
    ['{"a":', "The request's body is not JSON"],
    ['{} more', "The request's body goes on after its JSON value"],
    ['null', "The request's body is not a JSON object"],
    ['[]', "The request's body is not a JSON object"],
    ['1.5', "The request's body is not a JSON object"],
    ['{"a":[1]}', 'The value of "a" is not a text, number or boolean'],
    ['{"a":{}}', 'The value of "a" is not a text, number or boolean'],
  ])('that is %s is refused', (body, message) => {
    expect(() => readConfig(body)).toThrow(message);
  });
});

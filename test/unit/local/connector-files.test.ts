import { describe, expect, it } from 'vitest';
import { parseConnectorFile } from '../../../lib/local/connector-files.ts';

describe('connector files', () => {
  it('takes what is posted to the REST API', () => {
    const text =
      '{"name": "orders", "config": {"connector.class": "X", "tasks.max": 5, "validate.non.null": false}}';
    expect(parseConnectorFile('a/b.json', text)).toEqual({
      path: 'a/b.json',
      name: 'orders',
      config: { 'connector.class': 'X', 'tasks.max': '5', 'validate.non.null': 'false' },
    });
  });

  it('takes the flat map of keys, named by its name or its file', () => {
    expect(parseConnectorFile('a/b.json', '{"connector.class": "X"}').name).toBe('b');
    expect(parseConnectorFile('a/b.json', '{"connector.class": "X", "name": "orders"}').name).toBe('orders');
  });

  it.each([
    ['{"name": "x", "config": {', /x\.json is not valid JSON/],
    ['["a"]', /must hold one JSON object/],
    ['{"config": {"topics": ["a", "b"]}}', /the value of "topics" must be a string, found \["a","b"\]/],
  ])('tells what is wrong with %s', (text, message) => {
    expect(() => parseConnectorFile('x.json', text)).toThrow(message);
  });
});

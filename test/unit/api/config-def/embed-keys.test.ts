import { describe, expect, it } from 'vitest';
import { ConfigDef, type ConfigKeys, embedKeys } from '../../../../lib/api/config-def.ts';
import { listOf, nonEmptyString } from '../../../../lib/api/config-def/validators.ts';

const key = { type: 'STRING', default: null, importance: 'LOW', doc: '' } as const;
const embedded = (keys: ConfigKeys) => embedKeys(keys, { prefix: 'a.', group: 'A', startingOrder: 2 });

describe('embedded keys', () => {
  it('are ordered by group, place, need, importance and name, and numbered anew', () => {
    const keys = embedded({
      z: key,
      b: { ...key, importance: 'HIGH' },
      grouped: { ...key, group: 'G' },
      needed: { type: 'STRING', importance: 'LOW', doc: '' },
      a: key,
      placed: { ...key, orderInGroup: 3 },
    });
    expect(Object.keys(keys)).toEqual(['a.needed', 'a.b', 'a.a', 'a.z', 'a.placed', 'a.grouped']);
    expect(Object.values(keys).map(({ orderInGroup }) => orderInGroup)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(keys['a.grouped']?.group).toBe('A: G');
    expect(keys['a.b']).toMatchObject({ group: 'A', displayName: 'b' });
  });

  it('refuse what a list names twice, which the definition alone takes once', () => {
    const list = { tables: { type: 'LIST', importance: 'LOW', doc: '', validator: listOf() } } as const;
    expect(new ConfigDef(list).parse({ tables: 'a,a' }).tables).toEqual(['a']);
    expect(() => new ConfigDef(embedded(list)).parse({ 'a.tables': 'a,a' })).toThrow(
      "Configuration 'tables' values must not be duplicated.",
    );
  });

  it('have validators and recommenders that know no prefix', () => {
    const definition = new ConfigDef(
      embedded({
        name: { type: 'STRING', importance: 'LOW', doc: '', validator: nonEmptyString, dependents: ['size'] },
        size: {
          ...key,
          recommender: {
            validValues: (name, parsed) => [name, parsed['name'], parsed['other.x']],
            visible: (_name, parsed) => parsed['name'] !== 'hidden',
          },
        },
      }),
    );
    expect(definition.keys['a.name']?.dependents).toEqual(['a.size']);
    const [bad] = definition.validate({ 'a.name': '' });
    expect(bad?.errors).toEqual(['Invalid value  for configuration name: String must be non-empty']);
    const [, size] = definition.validate({ 'a.name': 'hidden' });
    expect(size).toMatchObject({ recommendedValues: ['size', 'hidden', undefined], visible: false });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import { createTransformationChain } from '../../../lib/pipeline/transformation-chain.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { predicatePlugins, transformationPlugins } from '../../../lib/transforms/index.ts';
import { encodeRecord } from '../../conformance/codec/records.ts';
import { normalise } from '../../conformance/compare.ts';
import { apply } from '../transforms/transform-under-test.ts';
import { numbers, records } from './connect-data.ts';

const registry = new PluginRegistry([...transformationPlugins, ...predicatePlugins]);

/** One step of a chain, under an alias of its own. */
type Step = readonly [type: string, options: ConnectorConfig];

const prefixed = (prefix: string, options: ConnectorConfig): ConnectorConfig =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [`${prefix}.${key}`, value]));

function chainOf(steps: readonly Step[], predicates: Readonly<Record<string, ConnectorConfig>> = {}) {
  const config: ConnectorConfig = Object.assign(
    { transforms: steps.map((_, i) => `t${i}`).join(), predicates: Object.keys(predicates).join() },
    ...steps.map(([type, options], i) =>
      prefixed(`transforms.t${i}`, { type: `org.apache.kafka.connect.transforms.${type}`, ...options }),
    ),
    ...Object.entries(predicates).map(([alias, options]) => prefixed(`predicates.${alias}`, options)),
  );
  return createTransformationChain(config, registry);
}

const steps: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  ['Cast$Value', { spec: 'a:string' }],
  ['Cast$Value', { spec: 'a.b:string', 'field.syntax.version': 'V2' }],
  ['DropHeaders', { headers: 'h' }],
  ['ExtractField$Value', { field: 'a' }],
  ['Flatten$Value', {}],
  ['HeaderFrom$Value', { fields: 'a', headers: 'h', operation: 'move' }],
  ['HoistField$Value', { field: 'a' }],
  ['HoistField$Value', { field: 'line', hoisted: 'a' }],
  [
    'InsertField$Value',
    { 'topic.field': 't', 'static.field': 'a.s', 'static.value': 'x', 'field.syntax.version': 'V2' },
  ],
  ['InsertHeader', { header: 'h', 'value.literal': '1' }],
  ['MaskField$Value', { fields: 'a' }],
  ['MaskField$Value', { fields: 'a.b', 'field.syntax.version': 'V2' }],
  ['RegexRouter', { regex: 'orders(.*)', replacement: 'o$1' }],
  ['ReplaceField$Value', { exclude: 'a', renames: 'b:d' }],
  ['ReplaceField$Value', { include: 'a.b,b', 'field.syntax.version': 'V2' }],
  ['SetSchemaMetadata$Value', { 'schema.name': 'n' }],
  ['TimestampConverter$Value', { field: 'a', 'target.type': 'unix' }],
  ['TimestampRouter', {}],
  ['ValueToKey', { fields: 'a' }],
);

/** The record, null for one that was dropped, or the message of a record that failed. */
function outcome(work: () => ConnectRecord | null): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConnectError) return error.message;
    throw error;
  }
}

/** A record, or what became of it, as plain data. */
const seen = (result: unknown): unknown =>
  typeof result === 'object' && result !== null ? normalise(encodeRecord(result as ConnectRecord)) : result;

/** Freezes all that can be; returns a text of the rest, Maps and Structs included, to compare afterwards. */
function frozen(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return value.toString();
  const parts =
    value instanceof Struct
      ? value.values
      : value instanceof Map
        ? [...value].flat()
        : Object.entries(value).flat();
  if (!(value instanceof Map)) Object.freeze(value);
  return `[${parts.map(frozen).join()}]`;
}

describe('laws of transformations', () => {
  it('a chain of two is one after the other', () => {
    fc.assert(
      fc.property(steps, steps, records, (first, second, record) => {
        const [one, two] = [chainOf([first]), chainOf([second])];
        const byHand = () => {
          const between = one.apply(record);
          return between === null ? null : two.apply(between);
        };
        expect(seen(outcome(() => chainOf([first, second]).apply(record)))).toEqual(seen(outcome(byHand)));
      }),
      { numRuns: 500 },
    );
  });

  it('no step changes the record it is given', () => {
    fc.assert(
      fc.property(steps, records, (step, record) => {
        const before = frozen(record);
        outcome(() => chainOf([step]).apply(record));
        expect(frozen(record)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it('a filter with a predicate and one with its opposite part the records', () => {
    const predicates: fc.Arbitrary<ConnectorConfig> = fc.constantFrom<ConnectorConfig>(
      { type: 'TopicNameMatches', pattern: 'orders.*' },
      { type: 'HasHeaderKey', name: 'h' },
      { type: 'RecordIsTombstone' },
    );
    fc.assert(
      fc.property(predicates, records, fc.boolean(), (predicate, some, isTombstone) => {
        const record = isTombstone ? { ...some, value: null } : some;
        const [kept, other] = ['false', 'true'].map((negate) =>
          chainOf([['Filter', { predicate: 'p', negate }]], { p: predicate }).apply(record),
        );
        expect([kept, other].filter((each) => each === null).length).toBe(1);
        expect(kept ?? other).toBe(record);
      }),
    );
  });

  it('a predicate that never holds makes a step no step', () => {
    fc.assert(
      fc.property(steps, records, ([type, options], record) => {
        const never = { p: { type: 'TopicNameMatches', pattern: 'never' } };
        expect(chainOf([[type, { ...options, predicate: 'p' }]], never).apply(record)).toBe(record);
      }),
    );
  });

  it('a route that does not match leaves the record alone', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(apply('RegexRouter', { regex: 'never.', replacement: 'x' }, record)).toBe(record);
      }),
    );
  });

  it('a cast to the type a value has changes nothing', () => {
    fc.assert(
      fc.property(numbers, ({ schema, value }) => {
        const record = { topic: 't', valueSchema: schema, value };
        expect(seen(apply('Cast$Value', { spec: schema.type.toLowerCase() }, record))).toEqual(seen(record));
      }),
    );
  });

  it('a rename and the way back change nothing', () => {
    fc.assert(
      fc.property(records, (record) => {
        const there = apply('ReplaceField$Value', { renames: 'a:z' }, record) ?? record;
        expect(seen(apply('ReplaceField$Value', { renames: 'z:a' }, there))).toEqual(seen(record));
      }),
    );
  });

  it('what is flat stays as it is', () => {
    fc.assert(
      fc.property(records, (record) => {
        const once = outcome(() => apply('Flatten$Value', {}, record));
        if (typeof once === 'string') return;
        expect(seen(apply('Flatten$Value', {}, once as ConnectRecord))).toEqual(seen(once));
      }),
    );
  });

  it.each<[string, ConnectorConfig, ConnectorConfig]>([
    ['the whole value', { field: 'x' }, { field: 'x' }],
    [
      'the whole value, under a quoted name',
      { field: 'x.y' },
      { field: '`x.y`', 'field.syntax.version': 'V2' },
    ],
  ])('what is hoisted is extracted again: %s', (_what, hoist, extract) => {
    fc.assert(
      fc.property(records, (record) => {
        const hoisted = apply('HoistField$Value', hoist, record) ?? record;
        expect(seen(apply('ExtractField$Value', extract, hoisted))).toEqual(seen(record));
      }),
    );
  });

  it('a field is the same wherever it is hoisted to and read from', () => {
    fc.assert(
      fc.property(records, (record) => {
        const hoisted = apply('HoistField$Value', { field: 'x', hoisted: 'a' }, record) ?? record;
        const extracted = outcome(() =>
          apply('ExtractField$Value', { field: 'a.x', 'field.syntax.version': 'V2' }, hoisted),
        );
        const direct = outcome(() => apply('ExtractField$Value', { field: 'a' }, record));
        if (typeof direct === 'string') expect(extracted).toBe('Unknown field: a.x');
        else expect(seen(extracted)).toEqual(seen(direct));
      }),
    );
  });

  it('a mask is the same at any depth', () => {
    fc.assert(
      fc.property(records, (record) => {
        const masked = outcome(() => apply('MaskField$Value', { fields: 'a' }, record));
        const deep = outcome(() =>
          apply(
            'MaskField$Value',
            { fields: 'p.a', 'field.syntax.version': 'V2' },
            apply('HoistField$Value', { field: 'p' }, record) ?? record,
          ),
        );
        if (typeof masked === 'string') expect(deep).toBe(masked);
        else
          expect(seen(apply('ExtractField$Value', { field: 'p' }, deep as ConnectRecord))).toEqual(
            seen(masked),
          );
      }),
    );
  });
});

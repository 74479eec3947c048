import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import {
  type Schema,
  int64Schema,
  optionalStringSchema,
  stringSchema,
} from '../../../lib/api/data/schema.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import type { Transformation } from '../../../lib/api/transform.ts';
import { readSide, writeSide } from '../../../lib/api/record-side.ts';
import {
  applyStep,
  createTransformationChain,
  TransformationChain,
} from '../../../lib/pipeline/transformation-chain.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { writeSchema } from '../../../lib/converters/json/schema-writer.ts';
import { ValueWriter } from '../../../lib/converters/json/value-writer.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';

const registry = new PluginRegistry(bundledPlugins);
const kafka = (name: string): string => `org.apache.kafka.connect.transforms.${name}`;

/** Options of transformations, by alias, in order. */
function chainOf(steps: Readonly<Record<string, ConnectorConfig>>, more: ConnectorConfig = {}) {
  const options = Object.entries(steps).flatMap(([alias, config]) =>
    Object.entries(config).map(([key, value]) => [`transforms.${alias}.${key}`, value]),
  );
  const config = { transforms: Object.keys(steps).join(','), ...Object.fromEntries(options), ...more };
  return createTransformationChain(config, registry);
}

const stepByStep = (chain: TransformationChain, record: ConnectRecord): ConnectRecord | null =>
  chain.steps.reduce<ConnectRecord | null>((current, step) => current && applyStep(step, current), record);

const insert = (side: 'Key' | 'Value', field: string, value = field): ConnectorConfig => ({
  type: kafka(`InsertField$${side}`),
  'static.field': field,
  'static.value': value,
});
const hoist = (side: 'Key' | 'Value'): ConnectorConfig => ({
  type: kafka(`HoistField$${side}`),
  field: 'all',
});
const record: ConnectRecord = { topic: 't', key: { k: 1 }, value: { v: 2 }, headers: [] };

describe('a chain of transformations', () => {
  it.each([
    ['of the value in a row', { a: insert('Value', 'x'), b: hoist('Value'), c: insert('Value', 'y') }],
    ['of key and value by turns', { a: insert('Key', 'x'), b: insert('Value', 'y'), c: hoist('Key') }],
    [
      'that reads what one before it wrote elsewhere',
      {
        a: insert('Value', 'id'),
        b: { type: kafka('ValueToKey'), fields: 'id' },
        c: { type: kafka('ExtractField$Key'), field: 'id' },
        d: { type: kafka('RegexRouter'), regex: '(.*)', replacement: 'new-$1' },
        e: { type: kafka('InsertField$Value'), 'topic.field': 'topic' },
      },
    ],
  ])('%s comes to the same as its steps one after the other', (_, steps) => {
    const chain = chainOf(steps);
    expect(chain.apply(record)).toEqual(stepByStep(chain, record));
    expect(chain.apply(record)).not.toEqual(record);
  });

  it('asks the predicate of a step about the record as it is by then', () => {
    const chain = chainOf(
      {
        a: { type: kafka('RegexRouter'), regex: '.*', replacement: 'routed' },
        b: { ...insert('Value', 'x'), predicate: 'routed' },
        c: insert('Value', 'y'),
      },
      {
        predicates: 'routed',
        'predicates.routed.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
        'predicates.routed.pattern': 'routed',
      },
    );
    expect(chain.apply(record)?.value).toEqual({ v: 2, x: 'x', y: 'y' });
  });

  it('makes one new record of several changes to its value, and none where nothing changes', () => {
    const applied: ConnectRecord[] = [];
    const step = (transformation: Transformation) => ({
      alias: 'a',
      class: 'A',
      transformation,
      predicate: null,
      negate: false,
    });
    const adding = (by: number): Transformation => ({
      apply: (seen) => writeSide(seen, 'Value', { ...readSide(seen, 'Value'), value: by }),
      sideChange: {
        side: 'Value',
        apply: ({ schema, value }, seen) => {
          applied.push(seen);
          return { schema, value: Number(value) + by };
        },
      },
    });
    const one: ConnectRecord = { topic: 't', value: 1 };
    expect(new TransformationChain([step(adding(2)), step(adding(3))]).apply(one)?.value).toBe(6);
    expect(applied).toEqual([one, one]);
    const idle: Transformation = {
      apply: (seen) => seen,
      sideChange: { side: 'Value', apply: (content) => content },
    };
    expect(new TransformationChain([step(idle)]).apply(one)).toBe(one);
  });

  describe('changes the fields of structs in a row', () => {
    const schema = SchemaBuilder.struct()
      .field('id', int64Schema)
      .field('name', optionalStringSchema)
      .field('inner', SchemaBuilder.struct().optional().field('x', stringSchema).build())
      .build();
    const inner = new Struct(schema.field('inner')?.schema as Schema).put('x', 'deep');
    const source = () => new Struct(schema).put('id', 7n).put('name', 'Ada').put('inner', inner);
    const value = (type: string, options: Record<string, string>) => ({
      type: kafka(`${type}$Value`),
      ...options,
    });
    const steps: Readonly<Record<string, Record<string, string>>> = {
      insert: value('InsertField', { 'static.field': 'token', 'static.value': 'secret' }),
      topic: value('InsertField', { 'topic.field': 'from!' }),
      mask: value('MaskField', { fields: 'name' }),
      masked: value('MaskField', { fields: 'id', replacement: '3' }),
      rename: value('ReplaceField', { renames: 'name:text' }),
      swap: value('ReplaceField', { renames: 'id:name,name:id' }),
      drop: value('ReplaceField', { exclude: 'id' }),
      hoist: value('HoistField', { field: 'all' }),
      again: value('HoistField', { field: 'again' }),
      nested: value('MaskField', { fields: 'inner.x', 'field.syntax.version': 'V2' }),
    };

    const values = new ValueWriter({ replaceNullWithDefault: true, decimalFormat: 'BASE64' });

    /** Each step on a record of its own, which no chain can put together. */
    const oneByOne = (names: readonly string[], record: ConnectRecord): ConnectRecord | null => {
      let current: ConnectRecord | null = record;
      for (const name of names)
        current = current === null ? null : chainOf({ [name]: steps[name] ?? {} }).apply(current);
      return current;
    };

    it.each([
      ['insert', 'mask', 'rename'],
      ['rename', 'topic', 'drop', 'insert'],
      ['hoist', 'insert'],
      ['mask', 'insert', 'hoist', 'topic'],
      ['nested', 'masked', 'swap'],
      ['drop', 'hoist', 'again'],
    ])('as each of them alone would: %s, %s, %s %s', (...names) => {
      const used = names.filter((name) => name in steps);
      const chain = chainOf(Object.fromEntries(used.map((name) => [name, steps[name] ?? {}])));
      for (const given of [source(), source(), null]) {
        const record: ConnectRecord = { topic: 't', valueSchema: schema, value: given };
        const outcome = (apply: () => ConnectRecord | null) => {
          try {
            const changed = apply();
            return [String(changed?.value), changed?.valueSchema && writeSchema(changed.valueSchema, values)];
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(() => chain.apply(record))).toEqual(outcome(() => oneByOne(used, record)));
        // What comes in stays as it is: a step that fails later is tried again on it.
        expect(record.value?.toString()).toBe(given?.toString());
      }
    });

    it('of a bare value that is hoisted first, and of structs of an equal schema', () => {
      const chain = chainOf({ hoist: steps['hoist'] ?? {}, insert: steps['insert'] ?? {} });
      const hoisted = chain.apply({ topic: 't', valueSchema: stringSchema, value: 'line' });
      expect(String(hoisted?.value)).toBe('Struct{all=line,token=secret}');
      expect(() => chain.apply({ topic: 't', valueSchema: stringSchema, value: null })).toThrow(/null/);
      const twin = SchemaBuilder.struct().field('id', int64Schema).build();
      const same = SchemaBuilder.struct().field('id', int64Schema).build();
      const masking = chainOf({ masked: steps['masked'] ?? {}, topic: steps['topic'] ?? {} });
      const masked = masking.apply({ topic: 't', valueSchema: twin, value: new Struct(same).put('id', 5n) });
      expect(String(masked?.value)).toBe('Struct{id=3,from=t}');
    });
  });
});

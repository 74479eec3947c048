import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import type { Transformation } from '../../../lib/api/transform.ts';
import { readSide, writeSide } from '../../../lib/api/record-side.ts';
import {
  applyStep,
  createTransformationChain,
  TransformationChain,
} from '../../../lib/pipeline/transformation-chain.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
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
});

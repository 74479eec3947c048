import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { createTransformationChain } from '../../../lib/pipeline/transformation-chain.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { FieldPath } from '../../../lib/transforms/core/field-path.ts';
import { predicatePlugins, transformationPlugins } from '../../../lib/transforms/index.ts';
import { encodeRecord, decodeRecord, type TaggedRecord } from '../codec/records.ts';
import { dropped, Unsupported, type VectorCase } from '../vector-case.ts';

/** A null handed to Java's configure() is no key at all to us: the runtime refuses it earlier. */
const configOf = ({ config }: VectorCase): ConnectorConfig =>
  Object.fromEntries(
    Object.entries(config ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  );

export function transform(testCase: VectorCase): unknown {
  const plugin = transformationPlugins.find((each) => each.class === testCase.class);
  if (plugin === undefined) throw new Unsupported(`transformation ${testCase.class}`);
  const transformation = plugin.create(configOf(testCase));
  const result = transformation.apply(decodeRecord(testCase.input as TaggedRecord));
  return result === null ? dropped : encodeRecord(result);
}

const registry = new PluginRegistry([...transformationPlugins, ...predicatePlugins]);

export function chain(testCase: VectorCase): unknown {
  const steps = createTransformationChain(configOf(testCase), registry);
  const result = steps.apply(decodeRecord(testCase.input as TaggedRecord));
  return result === null ? dropped : encodeRecord(result);
}

export function predicate(testCase: VectorCase): unknown {
  const plugin = predicatePlugins.find((each) => each.class === testCase.class);
  if (plugin === undefined) throw new Unsupported(`predicate ${testCase.class}`);
  return plugin.create(configOf(testCase)).test(decodeRecord(testCase.input as TaggedRecord));
}

export function fieldpath({ input }: VectorCase): unknown {
  const { path, version } = input as { path: string; version: 'V1' | 'V2' };
  return new FieldPath(path, version).steps;
}

import { describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { Plugin } from '../../../lib/api/connector.ts';
import { fileStreamSink, fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { PluginRegistry, pluginsOf } from '../../../lib/plugins/registry.ts';

const cast: Plugin = {
  kind: 'transformation',
  class: 'org.apache.kafka.connect.transforms.Cast$Value',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => ({ apply: (record) => record }),
};
const registry = new PluginRegistry([fileStreamSource, fileStreamSink, cast]);

describe('the plugin registry', () => {
  it.each([
    'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'FileStreamSourceConnector',
    'FileStreamSource',
    ' FileStreamSource ',
  ])('finds %s', (name) => {
    expect(registry.connector(name)).toBe(fileStreamSource);
  });

  it.each(['org.apache.kafka.connect.transforms.Cast$Value', 'Cast$Value'])('finds %s', (name) => {
    expect(registry.transformation(name)).toBe(cast);
  });

  it('says what there is, and what was probably meant', () => {
    let message = '';
    try {
      registry.connector('FileStramSource');
    } catch (error) {
      message = `${String(error)} ${(error as { hint?: string }).hint}`;
    }
    expect(message).toContain(
      'Failed to find any class that implements Connector and which name matches FileStramSource',
    );
    expect(message).toContain('Did you mean FileStreamSource');
  });

  it('refuses a transformation where a connector is wanted', () => {
    expect(() => registry.connector('Cast$Value')).toThrow(
      /Cast\$Value does not implement the Connector interface/,
    );
  });

  it('takes the plugin values out of a module, whatever their names', () => {
    expect(pluginsOf({ a: fileStreamSource, b: 1, c: null, d: { kind: 'source' }, default: cast })).toEqual([
      fileStreamSource,
      cast,
    ]);
  });
});

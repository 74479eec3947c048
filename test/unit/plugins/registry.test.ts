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

  it('finds a nested class by its full name only, as Kafka Connect does', () => {
    expect(registry.transformation('org.apache.kafka.connect.transforms.Cast$Value')).toBe(cast);
    expect(() => registry.transformation('Cast$Value')).toThrow(/Failed to find any class/);
    expect(registry.find('Value')).toBeUndefined();
  });

  it('finds nothing by a name that several plugins share', () => {
    const other: Plugin = { ...fileStreamSource, class: 'com.example.FileStreamSourceConnector' };
    const both = new PluginRegistry([fileStreamSource, other]);
    expect(both.find('FileStreamSource')).toBeUndefined();
    expect(() => both.connector('FileStreamSource')).toThrow(/More than one Connector matches/);
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
    expect(() => registry.connector(cast.class)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('Failed to find any class that implements Connector'),
        hint: `${cast.class} is a transformation.`,
      }),
    );
  });

  it('takes the plugin values out of a module, whatever their names', () => {
    expect(pluginsOf({ a: fileStreamSource, b: 1, c: null, d: { kind: 'source' }, default: cast })).toEqual([
      fileStreamSource,
      cast,
    ]);
  });
});

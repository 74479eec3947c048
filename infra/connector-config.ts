import { readFileSync } from 'node:fs';
import type { ConnectorConfig as Keys } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';
import { parseConnectorFile } from '../lib/local/connector-files.ts';

/** A connector's configuration, exactly as Kafka Connect takes it. */
export class ConnectorConfig {
  /** The connector's name in the cluster; undefined: the construct's id. */
  readonly name: string | undefined;
  readonly keys: Keys;
  /** Where it comes from, for messages. */
  readonly origin: string;

  private constructor(name: string | undefined, keys: Keys, origin: string) {
    this.name = name;
    this.keys = keys;
    this.origin = origin;
  }

  /**
   * Reads what would be posted to Connect's REST API, `{"name": …, "config": {…}}`, or the flat map of keys. The
   * name is the file's where neither says.
   */
  static fromFile(path: string): ConnectorConfig {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      throw new ConfigError(`ConnectorConfig.fromFile: cannot read ${path}`, {
        cause,
        hint: 'Paths are relative to the folder cdk is run in.',
      });
    }
    const { name, config } = parseConnectorFile(path, text);
    return new ConnectorConfig(name, config, path);
  }

  /** Takes the map of keys; values may be CDK tokens, but for class names and passwords. */
  static fromObject(keys: Keys): ConnectorConfig {
    return new ConnectorConfig(keys['name'], keys, 'ConnectorConfig.fromObject');
  }
}

import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError, toConnectError } from '../api/errors.ts';
import { KnownSecrets } from '../config-providers/secrets.ts';
import type { ConfigValidation } from '../plugins/validation.ts';
import { plainBytes, type PlainValue } from './plain-value.ts';

const hidden = '[hidden]';
/** A shorter secret may be part of ordinary data by chance; there only a value that is the secret is hidden. */
const tellingLength = 8;

/** Keeps secrets out of everything a preview shows (Invariant 8). */
export class Secrets {
  /** Values of PASSWORD keys, which no record shows either. */
  readonly #passwords: readonly string[];
  readonly #known = new KnownSecrets();

  /** `resolved`: the same config with its placeholders replaced. */
  constructor(validation: ConfigValidation, config: ConnectorConfig, resolved: ConnectorConfig) {
    const keys = Object.fromEntries(
      validation.configs.flatMap(({ name, definition }) => (definition === null ? [] : [[name, definition]])),
    );
    this.#known.learn(config, resolved, keys);
    const passwords = Object.entries(resolved).filter(([name]) => keys[name]?.type === 'PASSWORD');
    this.#passwords = longestFirst(passwords.map(([, value]) => value));
  }

  /** For messages: every occurrence. */
  hideInText(text: string): string {
    return this.#known.hide(text);
  }

  /** The same error without secrets; its causes are left out. */
  hideInError(thrown: unknown): ConnectError {
    const { message, code, hint, retriable } = toConnectError(thrown);
    return new ConnectError(this.hideInText(message), {
      code,
      retriable,
      ...(hint === undefined ? {} : { hint: this.hideInText(hint) }),
    });
  }

  /** For record contents. */
  hideInData<T extends PlainValue>(value: T): T {
    return this.#hide(value) as T;
  }

  #hide(value: PlainValue): PlainValue {
    if (typeof value === 'string') return this.#hideInString(value);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array) return this.#passwords.length === 0 ? value : this.#hideInBytes(value);
    if (isList(value)) return value.map((item) => this.#hide(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#hide(item)]));
  }

  #hideInString(text: string): string {
    return this.#passwords.reduce((result, secret) => {
      if (result === secret) return hidden;
      const quoted = result.replaceAll(JSON.stringify(secret), JSON.stringify(hidden));
      return secret.length < tellingLength ? quoted : quoted.replaceAll(secret, hidden);
    }, text);
  }

  #hideInBytes(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString('latin1');
    const safe = this.#hideInString(text);
    return safe === text ? bytes : plainBytes(Buffer.from(safe, 'latin1'));
  }
}

const longestFirst = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => value !== '').sort((a, b) => b.length - a.length);

const isList = (value: PlainValue): value is readonly PlainValue[] => Array.isArray(value);

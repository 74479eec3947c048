import type { ConfigKey } from '../lib/api/config-def.ts';
import type { ClientKeyEffect } from '../lib/kafka/client-config/client-key-effect.ts';
import { clientConfigs, type ClientKind } from '../lib/kafka/client-config/client-configs.ts';
import { effectOf } from '../lib/kafka/client-config/effect-of.ts';
import { sharedEffectsByPrefix } from '../lib/kafka/client-config/shared-effects.ts';

const titles: Readonly<Record<ClientKind, string>> = {
  producer: 'Producer',
  consumer: 'Consumer',
  admin: 'Admin client',
};

/** The sections of docs/client-overrides.md: what is heeded of each client first, then the rest. */
export function clientOverrides(): string {
  return (['producer', 'consumer', 'admin'] as const)
    .map((client) => {
      const known = Object.entries(clientConfigs[client].keys).map(([name, key]) => ({
        name,
        key,
        effect: documented(client, name),
      }));
      const heeded = known.filter(({ effect }) => effect.values.length > 0);
      const inert = Map.groupBy(
        known.filter(({ effect }) => effect.values.length === 0),
        ({ effect }) => effect.text,
      );
      return [
        `## ${titles[client]}`,
        `\`${client}.override.…\``,
        ['| Key | Kafka’s default | In effect | |', '|---|---|---|---|', ...heeded.map(row)].join('\n'),
        ['| Without effect | |', '|---|---|', ...[...inert].map(inertRow)].join('\n'),
      ].join('\n\n');
    })
    .join('\n\n');
}

interface Known {
  readonly name: string;
  readonly key: ConfigKey;
  readonly effect: ClientKeyEffect;
}

function documented(client: ClientKind, name: string): ClientKeyEffect {
  const effect = effectOf(client, name);
  if (effect === undefined) throw new Error(`Nothing is said of what ${client}.override.${name} does`);
  return effect;
}

const row = ({ name, key, effect }: Known): string =>
  `| \`${name}\` | ${defaultText(key)} | ${valuesText(effect)} | ${effect.text} |`;

/** What has the same reason shares a row. */
const inertRow = ([text, keys]: readonly [string, readonly Known[]]): string =>
  `| ${[...new Set(keys.map(({ name }) => `\`${shortName(name)}\``))].join(', ')} | ${text} |`;

function shortName(name: string): string {
  const family = Object.keys(sharedEffectsByPrefix).find((prefix) => name.startsWith(prefix));
  return family === undefined ? name : `${family}*`;
}

function valuesText({ values }: ClientKeyEffect): string {
  return values === 'any' ? 'yes' : `only ${values.map((value) => `\`${value}\``).join(', ')}`;
}

function defaultText({ default: value }: ConfigKey): string {
  if (value === undefined || value === null) return '';
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? '' : `\`${text}\``;
}

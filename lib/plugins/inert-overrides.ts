import { suggestKey } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ClientKind } from '../kafka/client-config/client-configs.ts';
import { effectOf, namesOf } from '../kafka/client-config/effect-of.ts';
import { clientsOf } from './connector-clients.ts';

/** An override that is legal, and that Kafka Connect would heed, but nothing here does. */
export interface InertOverride {
  /** Whole: `producer.override.linger.ms`. */
  readonly key: string;
  /** A sentence. */
  readonly reason: string;
}

const clients = ['producer', 'consumer', 'admin'] as const satisfies readonly ClientKind[];

/** The client overrides of a config that have no effect, in its order. None is refused: configs of Kafka Connect run unchanged. */
export function inertOverrides(kind: 'source' | 'sink', config: ConnectorConfig): InertOverride[] {
  const present = clientsOf(kind, config);
  return Object.entries(config).flatMap(([key, text]) => {
    const client = clients.find((each) => key.startsWith(`${each}.override.`));
    if (client === undefined) return [];
    const reason = present.includes(client)
      ? reasonOf(client, key.slice(`${client}.override.`.length), text)
      : `This ${kind} has no ${client}.`;
    return reason === undefined ? [] : [{ key, reason }];
  });
}

function reasonOf(client: ClientKind, name: string, text: string): string | undefined {
  const effect = effectOf(client, name);
  if (effect === undefined) {
    const suggestion = suggestKey(name, namesOf(client));
    const meant = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
    return `Kafka's ${client} has no such setting.${meant}`;
  }
  const { values, text: why } = effect;
  if (values === 'any') return undefined;
  // A placeholder, or a token of the CDK, may stand for a value that is in effect.
  if (values.length > 0 && (text.includes('${') || isAmong(values, text))) return undefined;
  return values.length === 0 ? why : `In effect is only ${values.join(', ')}. ${why}`;
}

const isAmong = (values: readonly string[], text: string): boolean =>
  values.some((value) => value.toLowerCase() === text.trim().toLowerCase());

/** One line for all of them; undefined where there is none. */
export function inertOverridesLine(overrides: readonly InertOverride[]): string | undefined {
  if (overrides.length === 0) return undefined;
  const list = overrides.map(({ key, reason }) => `${key} (${reason.replace(/\.$/, '')})`).join(', ');
  return `client overrides without effect: ${list}`;
}

import { adminEffects } from './admin-effects.ts';
import type { ClientKind } from './client-configs.ts';
import type { ClientKeyEffect } from './client-key-effect.ts';
import { consumerEffects } from './consumer-effects.ts';
import { producerEffects } from './producer-effects.ts';
import { sharedEffects, sharedEffectsByPrefix } from './shared-effects.ts';

const own = { producer: producerEffects, consumer: consumerEffects, admin: adminEffects };

/** What the setting does here; undefined for one that Kafka's client does not have. */
export function effectOf(client: ClientKind, key: string): ClientKeyEffect | undefined {
  const ofClient = own[client];
  if (Object.hasOwn(ofClient, key)) return ofClient[key];
  if (Object.hasOwn(sharedEffects, key)) return sharedEffects[key];
  const family = Object.keys(sharedEffectsByPrefix).find((prefix) => key.startsWith(prefix));
  return family === undefined ? undefined : sharedEffectsByPrefix[family];
}

/** The settings whose effect is known by their name. */
export const namesOf = (client: ClientKind): readonly string[] => [
  ...Object.keys(own[client]),
  ...Object.keys(sharedEffects),
];

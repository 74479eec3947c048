import { type ClientKeyEffects, inert } from './client-key-effect.ts';

/** Settings of the client that creates topics. */
export const adminEffects: ClientKeyEffects = {
  'client.id': inert('Topics are created in the name of the function.'),
  retries: inert('What fails for a reason that passes is repeated until the run has no time left.'),
};

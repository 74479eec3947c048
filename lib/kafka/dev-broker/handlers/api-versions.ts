import { apiVersionsApi } from '../../protocol/cluster-apis.ts';
import { handler, type Handler } from '../handler.ts';

/** Versions 0 to 2 have one request; 0 lacks the throttle time, which no reader of it misses at the end. */
export function apiVersionsHandler(others: readonly Handler[]): Handler {
  const self: Handler = handler(
    apiVersionsApi,
    () => ({
      errorCode: 0,
      apis: [...others, self].map(({ key, minVersion, maxVersion }) => ({ key, minVersion, maxVersion })),
      throttleTimeMs: 0,
    }),
    0,
  );
  return self;
}

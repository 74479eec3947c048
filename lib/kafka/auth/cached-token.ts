import type { Clock } from '../../foundation/clock.ts';

/** A bearer token; both times are milliseconds since the epoch. */
export interface IssuedToken {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Kafka's default for `sasl.login.refresh.window.factor`: a token is replaced when four fifths of its life are over. */
const refreshWindow = 0.8;

/**
 * A token that is issued once and again before it expires. Callers that come meanwhile share the issue; a failed one
 * is tried again by the next caller. The token is in no log line (Invariant 8).
 */
export function cachedToken(issue: () => Promise<IssuedToken>, clock: Clock): () => Promise<string> {
  let latest: Promise<IssuedToken> | undefined;
  const renew = (): Promise<IssuedToken> => {
    latest = issue().catch((error: unknown) => {
      latest = undefined;
      throw error;
    });
    return latest;
  };
  return async () => {
    const asked = latest ?? renew();
    const token = await asked;
    if (clock.now() < token.issuedAt + (token.expiresAt - token.issuedAt) * refreshWindow) return token.value;
    // Of several who find it old, the first renews it.
    return (await (latest === asked || latest === undefined ? renew() : latest)).value;
  };
}

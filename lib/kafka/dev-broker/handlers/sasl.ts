import { saslAuthenticateApi, saslHandshakeApi } from '../../protocol/cluster-apis.ts';
import { handler, type Handler } from '../handler.ts';

export interface PlainUser {
  readonly username: string;
  readonly password: string;
}

const codes = { ok: 0, unsupportedMechanism: 33, authenticationFailed: 58 } as const;
const mechanisms = ['PLAIN'];

export const saslHandshakeHandler: Handler = handler(saslHandshakeApi, ({ mechanism }) => ({
  errorCode: mechanisms.includes(mechanism) ? codes.ok : codes.unsupportedMechanism,
  mechanisms,
}));

/** SASL PLAIN: identity, username and password with a NUL before the latter two. */
export function saslAuthenticateHandler(user: PlainUser | undefined, signedIn: () => void): Handler {
  return handler(saslAuthenticateApi, ({ authBytes }) => {
    const [, username, password] = Buffer.from(authBytes ?? [])
      .toString('utf8')
      .split('\0');
    const right = user !== undefined && username === user.username && password === user.password;
    if (right) signedIn();
    return {
      errorCode: right ? codes.ok : codes.authenticationFailed,
      errorMessage: right ? null : 'Authentication failed: Invalid username or password',
      authBytes: Buffer.alloc(0),
      sessionLifetimeMs: 0n,
    };
  });
}

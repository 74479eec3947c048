/** The shapes of kafkajs 2.2.4's internals that `library.ts` imports. A contract test fails when they change. */

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';

  namespace Connection {
    interface SocketTarget {
      readonly host: string;
      readonly port: number;
      readonly ssl: unknown;
      readonly onConnect: () => void;
    }

    interface Options {
      readonly host: string;
      readonly port: number;
      readonly clientId: string;
      readonly ssl: unknown;
      readonly sasl: unknown;
      readonly logger: unknown;
      readonly socketFactory: (target: SocketTarget) => Socket;
      /** Milliseconds, as all that follow. */
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly reauthenticationThreshold: number;
      readonly enforceRequestTimeout: boolean;
      readonly maxInFlightRequests: number | null;
    }

    interface QueuedRequest {
      readonly entry: {
        readonly apiKey: number;
        readonly apiName: string;
        readonly apiVersion: number;
        readonly correlationId: number;
        readonly resolve: (answer: { readonly payload: Buffer | null }) => void;
        readonly reject: (error: Error) => void;
      };
      readonly expectResponse: boolean;
      readonly requestTimeout: number | null;
      readonly sendRequest: () => void;
    }

    interface RequestQueue {
      readonly pending: readonly unknown[];
      push(request: QueuedRequest): void;
      maybeThrottle(throttleTimeMs: number): void;
      scheduleCheckPendingRequests(): void;
      destroy(): void;
    }
  }

  class Connection {
    constructor(options: Connection.Options);
    readonly requestQueue: Connection.RequestQueue;
    readonly socket: Socket | undefined;
    /** Milliseconds; 0: for ever. */
    readonly sessionLifetime: { toNumber(): number };
    reauthenticationThreshold: number;
    connect(): Promise<unknown>;
    authenticate(): Promise<void>;
    isAuthenticated(): boolean;
    nextCorrelationId(): number;
    rejectRequests(error: Error): void;
    setVersions(versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>>): void;
    setSupportAuthenticationProtocol(isSupported: boolean): void;
  }
  export = Connection;
}

declare module 'kafkajs/src/loggers/index.js' {
  interface Entry {
    readonly namespace: string;
    readonly level: number;
    readonly log: { readonly message: string; readonly [field: string]: unknown };
  }
  export const LEVELS: { readonly ERROR: 1; readonly WARN: 2; readonly INFO: 4; readonly DEBUG: 5 };
  export function createLogger(options: {
    readonly level: number;
    readonly logCreator: () => (entry: Entry) => void;
  }): unknown;
}

declare module 'kafkajs/src/broker/saslAuthenticator/plain.js' {
  namespace provide {
    interface Exchange<T> {
      /** Answers the bytes of the mechanism behind their length as INT32. */
      readonly request: { encode(): Promise<Buffer> };
      /** Without it the broker's bytes are not looked at. Gets them behind their length as well. */
      readonly response?: { decode(bytes: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<T> };
    }
    interface Target {
      readonly host: string;
      readonly port: number;
      readonly logger: unknown;
      readonly saslAuthenticate: <T>(exchange: Exchange<T>) => Promise<T>;
    }
    type Provider = (login: {
      readonly username: string;
      readonly password: string;
    }) => (target: Target) => { authenticate(): Promise<void> };
  }
  const provide: provide.Provider;
  export = provide;
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram256.js' {
  import type { Provider } from 'kafkajs/src/broker/saslAuthenticator/plain.js';
  const provide: Provider;
  export = provide;
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram512.js' {
  import type { Provider } from 'kafkajs/src/broker/saslAuthenticator/plain.js';
  const provide: Provider;
  export = provide;
}

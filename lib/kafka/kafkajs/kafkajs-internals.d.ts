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

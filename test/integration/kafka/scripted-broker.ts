import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { FrameReader } from '../../../lib/kafka/dev-broker/frame-reader.ts';
import type { BrokerAddress } from '../../../lib/kafka/client/broker-address.ts';
import type { Api } from '../../../lib/kafka/protocol/api.ts';
import {
  apiVersionsApi,
  saslAuthenticateApi,
  saslHandshakeApi,
} from '../../../lib/kafka/protocol/cluster-apis.ts';
import { WireReader } from '../../../lib/kafka/protocol/wire-reader.ts';
import { nullableString } from '../../../lib/kafka/protocol/wire-types.ts';
import { WireWriter } from '../../../lib/kafka/protocol/wire-writer.ts';

export interface ScriptedRequest {
  readonly apiKey: number;
  readonly correlationId: number;
  /** Stands behind the head. */
  readonly body: WireReader;
}

export interface ScriptedBroker extends AsyncDisposable {
  readonly address: BrokerAddress;
  /** API keys, in the order they came, without ApiVersions. */
  readonly asked: number[];
  /** To whoever is connected. */
  send(bytes: Uint8Array): void;
  end(): void;
}

/** The bytes of an answer. */
export function answer<Request, Response>(
  api: Api<Request, Response>,
  { correlationId }: Pick<ScriptedRequest, 'correlationId'>,
  response: Response,
): Buffer {
  const writer = new WireWriter();
  writer.int32(correlationId);
  api.response.write(writer, response);
  return Buffer.concat(writer.frame());
}

/** Answers each request but ApiVersions, which has SASL, with what `script` says; undefined: not at all. */
export async function startScriptedBroker(
  script: (request: ScriptedRequest) => Uint8Array | undefined = () => undefined,
): Promise<ScriptedBroker> {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const reply = (frame: Buffer): Uint8Array | undefined => {
    const body = new WireReader(frame);
    const apiKey = body.int16();
    body.int16(); // version
    const correlationId = body.int32();
    nullableString.read(body); // client id
    const request = { apiKey, correlationId, body };
    if (request.apiKey === apiVersionsApi.key) {
      const apis = [apiVersionsApi, saslHandshakeApi, saslAuthenticateApi].map(({ key, version }) => ({
        key,
        minVersion: 0,
        maxVersion: version,
      }));
      return answer(apiVersionsApi, request, { errorCode: 0, apis, throttleTimeMs: 0 });
    }
    asked.push(request.apiKey);
    return script(request);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    const frames = new FrameReader(2 ** 31 - 1);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      for (const frame of frames.push(chunk)) {
        const bytes = reply(frame);
        if (bytes !== undefined) socket.write(bytes);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    asked,
    send: (bytes) => sockets.forEach((socket) => socket.write(bytes)),
    end: () => sockets.forEach((socket) => socket.end()),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

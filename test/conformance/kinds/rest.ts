import { isDeepStrictEqual } from 'node:util';
import { envProvider } from '../../../lib/config-providers/env.ts';
import { fileProvider } from '../../../lib/config-providers/file.ts';
import { resolvePlaceholders } from '../../../lib/config-providers/placeholders.ts';
import { fileStreamSink, fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { converterPlugins } from '../../../lib/converters/index.ts';
import { createLogger } from '../../../lib/foundation/logger.ts';
import { sluiceKeys } from '../../../lib/plugins/sluice-keys.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { createRestApi } from '../../../lib/rest/rest-api.ts';
import { predicatePlugins, transformationPlugins } from '../../../lib/transforms/index.ts';
import { labSink } from '../lab-plugins/lab-sink.ts';
import { labSource } from '../lab-plugins/lab-source.ts';
import { exceptionFor } from '../rest-exceptions.ts';
import { Unsupported } from '../vector-case.ts';

/** One step of a recording of the REST API. */
export interface RestStep {
  readonly step: number;
  readonly section: string;
  readonly title: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly rawBody?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly rawBody?: string;
  };
}

/** The one file the recordings say is there. */
const inputFile = '/tmp/connect-rest/in.txt';

/** The worker of the recordings. */
const api = createRestApi({
  registry: new PluginRegistry([
    fileStreamSource,
    fileStreamSink,
    labSource,
    labSink,
    ...transformationPlugins,
    ...predicatePlugins,
    ...converterPlugins,
  ]),
  workerConfig: { 'group.id': 'lab-connect' },
  commit: '{{commit}}',
  kafkaClusterId: async () => '{{cluster_id}}',
  resolve: (config) =>
    resolvePlaceholders(config, {
      env: envProvider({ LAB_ENV_VALUE: 'from-env' }, undefined),
      file: fileProvider({
        files: {
          kindOf: async (path) => (path === inputFile ? 'file' : null),
          read: async (path) => {
            if (path === inputFile) return Buffer.from('line1\nline2\nline3\n');
            throw new Error(`${path} is not a file`);
          },
        },
        allowedPaths: undefined,
        log: createLogger(() => undefined),
      }),
    }),
});

/** Null when our API answers the step as Kafka Connect did, else where the answers part. */
export async function restDifference(step: RestStep): Promise<string | null> {
  const exception = exceptionFor(step);
  if (exception !== undefined) throw new Unsupported(exception);
  const { method, path, query, headers, body, rawBody } = step.request;
  const text = rawBody ?? (body === undefined || body === null ? null : JSON.stringify(body));
  const response = await api({
    method,
    path,
    ...(query !== undefined && { query }),
    ...(headers !== undefined && { headers }),
    body: text,
  });
  const recorded = step.response;
  const answer = response.body === null ? null : (JSON.parse(response.body) as unknown);
  return firstDifference(
    [recorded.status, recorded.headers, comparable(recorded.body ?? null, 'recorded')],
    [response.status, response.headers, comparable(answer, 'ours', recorded.body)],
  );
}

/** The innermost place where two values differ, for a person. */
function firstDifference(expected: unknown, got: unknown): string | null {
  if (isDeepStrictEqual(expected, got)) return null;
  if (Array.isArray(expected) && Array.isArray(got)) {
    const index = expected.findIndex((each, i) => !isDeepStrictEqual(each, got[i]));
    const at = index < 0 ? expected.length : index;
    const isDeep = Array.isArray(expected[at]) && Array.isArray(got[at]);
    const before = JSON.stringify(expected[0])?.slice(0, 80);
    if (isDeep) return `${before}: ${firstDifference(expected[at], got[at])}`;
    return `${before}: [${at}] should be ${JSON.stringify(expected[at])}\n  but is ${JSON.stringify(got[at])}`;
  }
  return `should be ${JSON.stringify(expected)}\n  but is ${JSON.stringify(got)}`;
}

/**
 * Our own texts, our own keys and what is not portable (FORMAT.md, sections 6 and 8) taken out; the keys in an object
 * keep their order, which is the order on the wire.
 */
function comparable(body: unknown, whose: 'recorded' | 'ours', recorded: unknown = body): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return listing(body, whose);
  const object = body as Readonly<Record<string, unknown>>;
  if ('configs' in object) return configInfos(object, whose);
  if ('message' in object) return { ...object, message: portable(object['message'], recorded) };
  return Object.entries(object);
}

/** Plugins, or the keys of one. */
const listing = (entries: readonly unknown[], whose: 'recorded' | 'ours'): unknown =>
  withoutSluiceKeys(entries as readonly { readonly name?: string }[], whose, (entry) => entry.name)
    .map((entry) => entry as Readonly<Record<string, unknown>>)
    .filter((entry) => !String(entry['class']).startsWith('org.apache.kafka.connect.mirror.'))
    .map(withoutDocumentation);

function configInfos(body: Readonly<Record<string, unknown>>, whose: 'recorded' | 'ours'): unknown {
  const configs = body['configs'] as readonly { definition: object | null; value: { name: string } }[];
  const groups = body['groups'] as readonly string[];
  return Object.entries({
    ...body,
    groups: groups.filter((group) => group !== 'Lambda'),
    configs: withoutSluiceKeys(configs, whose, (entry) => entry.value.name)
      .map(({ definition, value }) => ({
        definition: definition === null ? null : withoutDocumentation(definition),
        value: Object.entries(value).map(([name, each]) => [
          name,
          Array.isArray(each) ? each.map(withoutJavaText) : each,
        ]),
      }))
      .map((entry) => Object.entries(entry)),
  });
}

const withoutJavaText = (text: unknown): unknown =>
  String(text).replace(/(?<=Invalid regex: )(Cannot invoke .*|there is none)$/, 'not portable');

/** Documented: Sluice's own keys are in every answer about a connector, after everything else. */
function withoutSluiceKeys<T>(
  entries: readonly T[],
  whose: 'recorded' | 'ours',
  nameOf: (entry: T) => string | undefined,
): readonly T[] {
  if (whose === 'recorded') return entries;
  const own = (['source', 'sink'] as const)
    .map((kind) => Object.keys(sluiceKeys(kind)))
    .find((names) => isDeepStrictEqual(entries.slice(-names.length).map(nameOf), names));
  return own === undefined ? entries : entries.slice(0, -own.length);
}

const withoutDocumentation = (key: object): unknown =>
  Object.entries(key).map(([name, value]) => [name, name === 'documentation' ? typeof value : value]);

/** Texts of Jackson and of Java's runtime are compared by being there, lists of plugins not at all. */
function portable(message: unknown, recorded: unknown): unknown {
  const original = String((recorded as { message?: unknown } | null)?.message);
  if (/^Cannot (invoke|deserialize|construct)|^Un(expected|recognized) /.test(original))
    return 'not portable';
  // A class asked for twice is remembered as unknown, which shows in the message.
  return String(message)
    .replace(/available connectors are: .*$/s, 'available connectors are: …')
    .replace(
      'BadRequestException: org.apache.kafka.connect.errors.ConnectException: Failed',
      'BadRequestException: Failed',
    );
}

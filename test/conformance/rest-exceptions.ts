import type { RestStep } from './kinds/rest.ts';

interface RestException {
  /** As docs/conformance.md has it. */
  readonly reason: string;
  readonly appliesTo: (step: RestStep) => boolean;
}

const configOf = ({ request }: RestStep): readonly (readonly [string, unknown])[] =>
  Object.entries((request.body ?? {}) as Readonly<Record<string, unknown>>);

const messageOf = ({ response }: RestStep): string =>
  String((response.body as { message?: unknown } | null | undefined)?.message ?? '');

const isPadded = (text: string): boolean => text !== text.trim();

/** Steps our API does not answer as Kafka Connect does, and why: docs/conformance.md. */
const restExceptions: readonly RestException[] = [
  {
    reason: 'resources of connectors, which are not there yet',
    appliesTo: ({ section, request }) =>
      !['root', 'plugins', 'validate'].includes(section) ||
      /^\/(connectors|admin|health)(\/|$)/.test(request.path),
  },
  {
    reason: 'MirrorMaker, which Sluice does not have',
    appliesTo: ({ request }) =>
      /Mirror(Source|Checkpoint|Heartbeat)/.test(request.path + JSON.stringify(request.body ?? '')),
  },
  {
    reason: "paths Java's HTTP server refuses or cuts, which Sluice can address",
    appliesTo: ({ request, response }) =>
      response.headers['content-type']?.startsWith('text/html') === true || request.path.includes(';'),
  },
  {
    reason: 'a Content-Type that is none, which Sluice answers in the error shape',
    appliesTo: ({ response }) => response.status === 400 && (response.body ?? null) === null,
  },
  {
    reason: 'Java classes in client settings, which nothing loads here',
    appliesTo: (step) =>
      step.response.status === 500 && /Class \S+ could not be found\.$/.test(messageOf(step)),
  },
  {
    reason: 'an invalid topics.regex beside a dead-letter topic, which is reported instead of failing',
    appliesTo: (step) =>
      step.response.status === 500 && messageOf(step).startsWith('java.util.regex.PatternSyntaxException'),
  },
  {
    reason: 'input on which Kafka Connect fails with a NullPointerException',
    appliesTo: (step) =>
      step.response.status === 500 && messageOf(step).startsWith('java.lang.NullPointerException'),
  },
  {
    reason: 'blanks around class names, which are ignored everywhere',
    appliesTo: (step) =>
      /^\/[\w-]+\/(%20|.*%20\/config)/.test(step.request.path) ||
      configOf(step).some(
        ([key, value]) =>
          typeof value === 'string' &&
          isPadded(value) &&
          (key === 'connector.class' || key.endsWith('.converter') || key.endsWith('.type')),
      ),
  },
];

/** Why a step is not replayed; undefined for one that is. */
export const exceptionFor = (step: RestStep): string | undefined =>
  restExceptions.find(({ appliesTo }) => appliesTo(step))?.reason;

export const restExceptionReasons: readonly string[] = restExceptions.map(({ reason }) => reason);

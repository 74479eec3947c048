import { describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import { ConnectError, DataError } from '../../../lib/api/errors.ts';
import { KnownSecrets } from '../../../lib/config-providers/secrets.ts';
import { runConnector } from '../../../lib/testing/run-connector.ts';
import { sinkOf, sourceOf } from './scripted-plugins.ts';

const clear = 'hunter2-hunter2';
const stored = 'swordfish-swordfish';
const leaks = { environment: { DB_PASSWORD: clear }, mayFail: true };
const config = {
  'connector.class': 'test.Source',
  'db.password': '${env:DB_PASSWORD}',
  'db.token': stored,
};
const withPassword = new ConfigDef({
  'db.token': { type: 'PASSWORD', default: null, importance: 'HIGH', doc: 'A secret.' },
});
const refusing = (password = '', token = ''): never => {
  throw new ConnectError(`login with ${password} and ${token} refused`, {
    cause: new Error(`driver: ${password}`),
    hint: `Is ${token} right?`,
  });
};

/** All that a user of the table and the log sees. */
const seen = async (run: Awaited<ReturnType<typeof runConnector>>): Promise<string> =>
  JSON.stringify([
    run.log,
    run.status,
    await run.cluster.state.connectors.list(),
    await run.cluster.state.snapshot('under-test'),
  ]);

describe('a secret never leaves the run (Invariant 8)', () => {
  it('in the trace and the log of a task that fails with it in its message', async () => {
    const source = {
      ...sourceOf(() => ({
        start: ({ 'db.password': password, 'db.token': token }, { log }) => {
          log.error('connecting', { with: { password } });
          refusing(password, token);
        },
        poll: () => null,
      })),
      configDef: withPassword,
      connector: async () => {
        let given = {};
        return { start: (own: object) => void (given = own), taskConfigs: () => [given] };
      },
    };
    await using run = await runConnector({ config, plugins: [source], ...leaks });
    expect(run.status.tasks[0]?.trace).toContain('login with [hidden] and [hidden] refused');
    // The config itself is stored as it was given, with its placeholder.
    const text = (await seen(run)).replaceAll(`"db.token":"${stored}"`, '');
    expect(text).not.toContain(clear);
    expect(text).not.toContain(stored);
  });

  it('in the trace of a connector whose split fails', async () => {
    const source = {
      ...sourceOf(() => ({ poll: () => null })),
      configDef: withPassword,
      connector: async () => ({
        start: ({ 'db.password': password }: Readonly<Record<string, string>>) => refusing(password),
        taskConfigs: () => [],
      }),
    };
    await using run = await runConnector({ config, plugins: [source], ...leaks });
    expect(run.status.trace).toContain('login with [hidden]');
    expect(await seen(run)).not.toContain(clear);
  });

  it('in the headers of a dead letter', async () => {
    const sink = sinkOf(() => ({
      put: async (records, { config: own, errantRecordReporter }) => {
        for (const record of records)
          await errantRecordReporter?.report(record, new DataError(`${own['db.password']} says no`));
      },
    }));
    await using run = await runConnector({
      config: {
        ...config,
        'connector.class': 'test.Sink',
        topics: 't',
        'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'dead',
        'errors.deadletterqueue.context.headers.enable': 'true',
      },
      plugins: [sink],
      topics: { t: [{ value: 'x' }] },
      ...leaks,
    });
    const headers = run.raw('dead').flatMap((record) => record.headers);
    const texts = headers.map(({ value }) => new TextDecoder().decode(value ?? new Uint8Array()));
    expect(texts).toContain('[hidden] says no');
    expect(texts.join('\n')).not.toContain(clear);
  });
});

describe('KnownSecrets', () => {
  it('hides the longer of two secrets that contain each other, and leaves short values alone', () => {
    const secrets = new KnownSecrets();
    const key = { type: 'PASSWORD', default: null, importance: 'HIGH', doc: '' } as const;
    const values = { a: 'pass', b: 'password', c: 'ab' };
    secrets.learn(values, values, { a: key, b: key, c: key });
    expect(secrets.hide('password pass ab')).toBe('[hidden] [hidden] ab');
  });
});

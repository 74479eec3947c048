import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { Files } from '../../../lib/config-providers/files.ts';
import { kafkaProviders } from '../../../lib/config-providers/kafka-providers.ts';
import { resolvePlaceholders } from '../../../lib/config-providers/placeholders.ts';
import { createLogger, type LogLine } from '../../../lib/foundation/logger.ts';

const texts = new Map([
  ['/s/db.properties', Buffer.from('user=ann\npassword=é=1\n')],
  ['/s/latin1.properties', Buffer.from('user=é\n', 'latin1')],
  ['/s/keys/token', Buffer.from('abc\n')],
  ['/s/keys/deep/token', Buffer.from('no key')],
]);
const files: Files = {
  kindOf: async (path) => {
    if (texts.has(path)) return 'file';
    return [...texts.keys()].some((each) => each.startsWith(path === '/' ? path : `${path}/`))
      ? 'directory'
      : null;
  },
  read: async (path) => {
    const bytes = texts.get(path);
    if (bytes === undefined) throw new Error('ENOENT');
    return bytes;
  },
};

function resolver(workerConfig: ConnectorConfig = {}) {
  const lines: LogLine[] = [];
  const log = createLogger((line) => lines.push(line));
  const environment = { USER: 'ann', DB_USER: 'bob', EMPTY: '' };
  const providers = kafkaProviders({ environment, files, workerConfig, log });
  const resolve = async (value: string) => (await resolvePlaceholders({ value }, providers))['value'];
  return { resolve, lines };
}

describe('the config providers of Apache Kafka', () => {
  it.each([
    ['${file:/s/db.properties:user}/${file:/s/db.properties:password}', 'ann/é=1'],
    ['${file:/s/db.properties:missing}', '${file:/s/db.properties:missing}'],
    ['${file:user}', '${file:user}'],
    ['${dir:/s/keys:token}', 'abc\n'],
    ['${dir:/s/keys:deep}', '${dir:/s/keys:deep}'],
    ['${dir:/s/keys:deep/token}', '${dir:/s/keys:deep/token}'],
    ['${dir:/s/keys:../db.properties}', '${dir:/s/keys:../db.properties}'],
    ['${dir:/nowhere:token}', '${dir:/nowhere:token}'],
    ['${env:USER}${env:EMPTY}', 'ann'],
    ['${env:constructor}', '${env:constructor}'],
    ['${constructor:a}', '${constructor:a}'],
  ])('%s becomes %s', async (value, resolved) => {
    expect(await resolver().resolve(value)).toBe(resolved);
  });

  it.each([
    ['${file:/s/none.properties:user}', 'Could not read properties from file /s/none.properties'],
    ['${file:/s/latin1.properties:user}', 'Could not read properties from file /s/latin1.properties'],
    ['${env:a:USER}', "Path is not supported for EnvVarConfigProvider, invalid value 'a'"],
  ])('%s is refused with a hint', async (value, message) => {
    await expect(resolver().resolve(value)).rejects.toMatchObject({
      code: 'CONFIG',
      message,
      hint: expect.any(String),
    });
  });

  it.each(['/s/keys', '/s/keys/', '/s/keys,/s/db.properties', '/'])(
    'allowed.paths %s lets a file within them be read',
    async (allowed) => {
      const { resolve } = resolver({ 'config.providers.dir.param.allowed.paths': allowed });
      expect(await resolve('${dir:/s/keys:token}')).toBe('abc\n');
    },
  );

  it.each(['/s/db.properties', '/s/keys/../db.properties', '/s/keysdb.properties'])(
    '%s outside of allowed.paths is left alone, and the log says so',
    async (path) => {
      const { resolve, lines } = resolver({ 'config.providers.file.param.allowed.paths': '/s/keys' });
      expect(await resolve(`\${file:${path}:user}`)).toBe(`\${file:${path}:user}`);
      expect(lines).toMatchObject([{ level: 'warn', path }]);
    },
  );

  it('refuses an allowed path that is not absolute or not there', async () => {
    const allowed = (paths: string) => ({ 'config.providers.file.param.allowed.paths': paths });
    expect(() => resolver(allowed('/s, /t'))).toThrow('Path  /t is not absolute');
    await expect(resolver(allowed('/s,/t')).resolve('${file:/s/db.properties:user}')).rejects.toThrow(
      'Path /t does not exist',
    );
  });

  it('shows only variables whose whole name matches allowlist.pattern', async () => {
    const { resolve } = resolver({ 'config.providers.env.param.allowlist.pattern': 'DB_.*|U' });
    expect(await resolve('${env:USER} ${env:DB_USER}')).toBe('${env:USER} bob');
  });
});

import { describe, expect, it } from 'vitest';
import { envProvider } from '../../../lib/config-providers/env.ts';
import { resolvePlaceholders, restorePlaceholders } from '../../../lib/config-providers/placeholders.ts';
import { secretsManagerProvider } from '../../../lib/config-providers/secrets-manager.ts';

const providers = {
  env: envProvider({ USER: 'ann', PASSWORD: 's3cret' }),
  secretsmanager: secretsManagerProvider(async (id) =>
    id === 'db' ? '{"user":"bob","password":"pw"}' : 'plain text',
  ),
};

describe('placeholders', () => {
  it.each([
    ['${env:USER}', 'ann'],
    ['jdbc:x?user=${env:USER}&password=${env:PASSWORD}', 'jdbc:x?user=ann&password=s3cret'],
    ['${env:MISSING}', '${env:MISSING}'],
    ['${vault:a:b}', '${vault:a:b}'],
    ['${secretsmanager:db:password}', 'pw'],
    ['${secretsmanager:token}', 'plain text'],
    ['no placeholder', 'no placeholder'],
  ])('%s becomes %s', async (value, resolved) => {
    expect(await resolvePlaceholders({ key: value }, providers)).toEqual({ key: resolved });
  });

  it('never quotes a secret that is not JSON', async () => {
    await expect(resolvePlaceholders({ key: '${secretsmanager:token:password}' }, providers)).rejects.toThrow(
      /Secret token is not a JSON object, so it has no key password/,
    );
    await expect(
      resolvePlaceholders({ key: '${secretsmanager:token:password}' }, providers),
    ).rejects.not.toThrow(/plain text/);
  });

  it('stores a task config with the placeholders of its connector, never with the secret (Invariant 8)', () => {
    const connector = { 'connection.password': '${env:PASSWORD}', 'tasks.max': '2' };
    expect(
      restorePlaceholders({ 'connection.password': 's3cret', 'tasks.max': '2', tables: 'a' }, connector),
    ).toEqual({
      'connection.password': '${env:PASSWORD}',
      'tasks.max': '2',
      tables: 'a',
    });
  });
});

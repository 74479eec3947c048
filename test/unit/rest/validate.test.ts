import { describe, expect, it } from 'vitest';
import { fileStreamSource } from '../../../lib/connectors/file/index.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { createRestApi, type RestDeps } from '../../../lib/rest/rest-api.ts';

const deps: RestDeps = {
  registry: new PluginRegistry([fileStreamSource]),
  workerConfig: {},
  commit: 'abc',
  kafkaClusterId: async () => 'id',
};

const fileOf = async (file: string, more: Partial<RestDeps> = {}): Promise<unknown> => {
  const response = await createRestApi({ ...deps, ...more })({
    method: 'PUT',
    path: '/connector-plugins/FileStreamSource/config/validate',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'connector.class': 'FileStreamSource', name: 'x', topic: 't', file }),
  });
  const { configs } = JSON.parse(response.body ?? '') as {
    configs: { value: { name: string; value: unknown } }[];
  };
  return configs.find(({ value }) => value.name === 'file')?.value.value;
};

describe('validation over REST', () => {
  it('shows a placeholder as it is written where nothing may resolve it (Invariant 8)', async () => {
    expect(await fileOf('${env:FILE}')).toBe('${env:FILE}');
  });

  it('shows what it stands for where the deployment resolves it, as a Connect worker does', async () => {
    const resolve: NonNullable<RestDeps['resolve']> = async (config) => ({ ...config, file: '/resolved' });
    expect(await fileOf('${env:FILE}', { resolve })).toBe('/resolved');
  });

  it('answers for the root what clients take the version from', async () => {
    const response = await createRestApi(deps)({ method: 'GET', path: '/' });
    expect(JSON.parse(response.body ?? '')).toEqual({
      version: '4.3.1',
      commit: 'abc',
      kafka_cluster_id: 'id',
    });
  });
});

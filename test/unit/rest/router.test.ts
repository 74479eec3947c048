import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { RestRequest, Route } from '../../../lib/rest/request.ts';
import { createRouter } from '../../../lib/rest/router.ts';

const routes: readonly Route[] = [
  { method: 'GET', path: '/', handle: async () => ({ json: 'root' }) },
  { method: 'GET', path: '/things/{name}', handle: async ({ params }) => ({ json: params['name'] }) },
  { method: 'PUT', path: '/things/{name}', handle: async ({ body }) => ({ status: 201, json: body }) },
  { method: 'DELETE', path: '/things/{name}', handle: async () => ({ status: 204 }) },
  {
    method: 'POST',
    path: '/things/{name}/fail',
    handle: async ({ params }) => {
      const code = params['name'] as 'BAD_REQUEST' | 'NOT_FOUND' | 'ALREADY_EXISTS' | 'CONFIG';
      throw new ConnectError('why', { code });
    },
  },
];
const router = createRouter(routes);
const call = (method: string, path: string, more: Partial<RestRequest> = {}) =>
  router({ method, path, ...more });
const json = { 'Content-Type': 'application/json' };

describe('the REST router', () => {
  it.each([
    ['/', 'root'],
    ['/things/a', 'a'],
    ['/things/a/', 'a'],
    ['/things/a%2Fb', 'a/b'],
    ['/things/a%20b%25', 'a b%'],
    ['/things/%C3%A9', 'é'],
    ['/things/a+b;c', 'a+b;c'],
    ['/things/.', '.'],
  ])('addresses %s', async (path, expected) => {
    expect(await call('GET', path)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(expected),
    });
  });

  it.each(['/nope', '/things', '/things/a/b', '//', '/things//', '/th%69ngs/a', '/Things/a', '/things/%zz'])(
    'answers 404 to %s, in the error shape of Kafka Connect',
    async (path) => {
      expect(await call('GET', path, { headers: { Accept: 'text/plain' } })).toEqual({
        status: 404,
        headers: {},
        body: '{"error_code":404,"message":"HTTP 404 Not Found"}',
      });
    },
  );

  it.each([
    ['POST', '/', {}, 405],
    ['PATCH', '/things/a', {}, 405],
    ['PUT', '/things/a', { 'content-type': 'text/plain', accept: 'text/plain' }, 415],
    ['PUT', '/things/a', { accept: 'text/plain' }, 406],
    ['PUT', '/things/a', {}, 415],
    ['GET', '/', { accept: 'text/html' }, 406],
  ])('refuses %s %s %j with %i', async (method, path, headers, status) => {
    const response = await call(method, path, { headers, body: method === 'GET' ? null : '{}' });
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body ?? '')).toMatchObject({ error_code: status });
  });

  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html,*/*;q=0.8', 'application/json'],
    ['APPLICATION/JSON', 'application/json'],
    ['application/json;charset=utf-8', 'application/json;charset=utf-8'],
  ])('answers Accept: %s as %s', async (accept, expected) => {
    const { headers } = await call('GET', '/', { headers: accept === undefined ? {} : { Accept: accept } });
    expect(headers['content-type']).toBe(expected);
  });

  it('answers HEAD like GET without the body, and OPTIONS with what is allowed', async () => {
    expect(await call('HEAD', '/things/a')).toMatchObject({ status: 200, body: null });
    expect(await call('HEAD', '/nope')).toMatchObject({ status: 404, body: null });
    expect(await call('OPTIONS', '/')).toMatchObject({ status: 200, headers: { allow: 'HEAD,GET,OPTIONS' } });
    expect((await call('OPTIONS', '/things/a')).headers['allow']?.split(',').toSorted()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
    ]);
  });

  it('hands on a body and the status of the answer', async () => {
    expect(await call('PUT', '/things/a', { headers: json, body: '{"x":1}' })).toMatchObject({
      status: 201,
      body: JSON.stringify('{"x":1}'),
    });
    expect(await call('DELETE', '/things/a')).toMatchObject({ status: 204, body: null });
  });

  it.each([
    ['BAD_REQUEST', 400],
    ['NOT_FOUND', 404],
    ['ALREADY_EXISTS', 409],
    ['CONFIG', 500],
  ])('answers an error of kind %s with %i', async (code, status) => {
    expect(await call('POST', `/things/${code}/fail`)).toEqual({
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error_code: status, message: 'why' }),
    });
  });
});

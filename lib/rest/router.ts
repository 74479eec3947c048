import { javaHashOrder } from '../foundation/java/hash-order.ts';
import { errorResponse, refusal } from './error-response.ts';
import { acceptedType, bodyType } from './media-types.ts';
import { headerOf, type RestRequest, type RestResponse, type Route } from './request.ts';

export type Router = (request: RestRequest) => Promise<RestResponse>;

/**
 * Finds the resource a request is for and answers as Connect's REST server does: 404, 405, 415 and 406 in its error
 * shape and in that order, OPTIONS and HEAD by themselves, a trailing slash allowed. Never rejects.
 */
export function createRouter(routes: readonly Route[]): Router {
  return async (request) => {
    const response = await answer(routes, request);
    return request.method === 'HEAD' ? { ...response, body: null } : response;
  };
}

async function answer(routes: readonly Route[], request: RestRequest): Promise<RestResponse> {
  const matches = routes.flatMap((route) => {
    const params = paramsOf(route.path, request.path);
    return params === undefined ? [] : [{ route, params }];
  });
  if (matches.length === 0) return refusal(404);
  const accepted = acceptedType(headerOf(request, 'accept'));
  if (request.method === 'OPTIONS') {
    const allow = allowed(matches.map(({ route }) => route.method));
    return { status: 200, headers: { allow, 'content-type': accepted ?? 'application/json' }, body: null };
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const match = matches.find(({ route }) => route.method === method);
  if (match === undefined) return refusal(405);
  const body = request.body ?? null;
  const type = bodyType(headerOf(request, 'content-type'));
  if (body !== null && type === 'other') return refusal(415);
  if (accepted === null) return refusal(406);
  if (body !== null && type === 'unsaid') return { ...refusal(415), headers: { 'content-type': accepted } };
  try {
    const {
      status = 200,
      headers = {},
      json,
    } = await match.route.handle({
      params: match.params,
      query: new URLSearchParams(request.query ?? ''),
      body,
    });
    return {
      status,
      headers: { 'content-type': accepted, ...headers },
      body: json === undefined ? null : JSON.stringify(json),
    };
  } catch (error) {
    return errorResponse(error);
  }
}

/** Undefined when the path is another one. Words are compared as they are written, parameters are decoded. */
function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of given.entries()) {
    const name = /^\{(\w+)\}$/.exec(wanted[index] ?? '')?.[1];
    const text = name === undefined ? segment : decoded(segment);
    if (name === undefined ? segment !== wanted[index] : text === undefined || text === '') return undefined;
    if (name !== undefined && text !== undefined) params[name] = text;
  }
  return params;
}

const segmentsOf = (path: string): string[] =>
  path
    .replace(/^\//, '')
    .replace(/(?<=.)\/$/, '')
    .split('/');

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** What OPTIONS lists, in the order of Java's hash set. */
const allowed = (methods: readonly string[]): string =>
  javaHashOrder(['OPTIONS', ...methods, ...(methods.includes('GET') ? ['HEAD'] : [])]).join(',');

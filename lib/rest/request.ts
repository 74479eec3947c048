/** A request as it came over HTTP, whatever carried it: a server, an API gateway, a test. */
export interface RestRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, without `?`. */
  readonly query?: string;
  /** Names in any case of letters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent or null: the request has none. */
  readonly body?: string | null;
}

export interface RestResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A request on its way through one resource. */
export interface Call {
  /** What stands in the place of each `{name}` of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string | null;
}

/** What a resource answers; `json` absent: an empty body. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** `/connector-plugins/{plugin}/config`: a segment is a word, or the name of a parameter. */
  readonly path: string;
  /** Throws a ConnectError for what it has to refuse. */
  handle(call: Call): Promise<Answer>;
}

export const headerOf = (request: RestRequest, name: string): string | undefined =>
  Object.entries(request.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

import { ConnectError, type ErrorCode, toConnectError } from '../api/errors.ts';
import type { RestResponse } from './request.ts';

const statusOf: Partial<Record<ErrorCode, number>> = {
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
};

/** Anything a resource throws, as Connect's ConnectExceptionMapper answers it: what it does not know is a 500. */
export function errorResponse(thrown: unknown): RestResponse {
  const error = toConnectError(thrown);
  const response = errorBody(statusOf[error.code] ?? 500, error.message);
  return { ...response, headers: { 'content-type': 'application/json' } };
}

const reasons: Readonly<Record<number, string>> = {
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  415: 'Unsupported Media Type',
};

/** A request no resource was asked about. */
export const refusal = (status: 404 | 405 | 406 | 415): RestResponse =>
  errorBody(status, `HTTP ${status} ${reasons[status]}`);

const errorBody = (status: number, message: string): RestResponse => ({
  status,
  headers: {},
  body: JSON.stringify({ error_code: status, message }),
});

/**
 * An error of work that Connect does on another thread: its REST layer then answers 500 with the class name before
 * the message, whatever the error would be elsewhere.
 */
export const fromAnotherThread = (error: ConnectError): ConnectError =>
  new ConnectError(`${error.javaClass}: ${error.message}`, {
    cause: error,
    ...(error.hint !== undefined && { hint: error.hint }),
  });

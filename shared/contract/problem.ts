/** The problem document (RFC 9457) that every HTTP error is answered with. */
import { errorCodes, type ErrorCode, type FieldError } from './errors.ts';

export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  request_id: string;
  errors?: readonly FieldError[];
}

/** Returns the problem document of an error code; `detail` defaults to the sentence of the code. */
export function problemOf(
  code: ErrorCode,
  requestId: string,
  { detail, fields }: { detail?: string | undefined; fields?: readonly FieldError[] | undefined } = {},
): Problem {
  const row = errorCodes[code];
  return {
    type: 'about:blank',
    title: row.title,
    status: row.status,
    detail: detail ?? row.detail,
    code,
    request_id: requestId,
    ...(fields === undefined ? {} : { errors: fields }),
  };
}

/** The errors of the faults API, as problem documents (RFC 9457). */

import type { z } from 'zod';

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: { path: string; message: string }[];
}

/** Lists every invalid field; in an array, a path begins with the index of the rule: `1.match.function`. */
export function invalid({ issues }: z.ZodError): Problem {
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key].join('.'),
          message: 'This field does not exist.',
        }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  const detail = errors
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return { status: 400, title: 'Bad Request', detail, errors };
}

/** Returns a problem without a list of fields. */
export function refused(status: number, title: string, detail: string): Problem {
  return { status, title, detail };
}

/** Whether an outcome of the faults API is a problem. */
export const isProblem = (value: object): value is Problem => 'title' in value && 'detail' in value;

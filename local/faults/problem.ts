/** What the switchboard refuses, as problem documents (RFC 9457). */

import type { z } from 'zod';

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: { path: string; message: string }[];
}

/** Names every field that is wrong; of a rule in an array by its index, as in `1.match.function`. */
export function invalid({ issues }: z.ZodError): Problem {
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'There is no such field' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  const detail = errors
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return { status: 400, title: 'Bad Request', detail, errors };
}

/** A request that was not for anything that there is. */
export function refused(status: number, title: string, detail: string): Problem {
  return { status, title, detail };
}

export const isProblem = (value: object): value is Problem => 'title' in value && 'detail' in value;

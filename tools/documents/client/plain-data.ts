/** Writes the parts of the contract that the client needs at run time or as lists of names: routes, limits and error codes. */
import { errorCodes, frameCodes } from '../../../shared/contract/errors.ts';
import * as limits from '../../../shared/contract/limits.ts';
import { namesOf } from '../json-schema.ts';
import { clientMethod, operationRows } from './http-methods.ts';

/** Returns the source of the table of routes. */
export function routesText(): string {
  const rows = operationRows.map(([name, row]) => {
    const { path, auth, paged = false } = row;
    const fields = {
      method: clientMethod(row),
      path,
      ...(auth !== 'required' && { auth }),
      ...(paged && { paged }),
    };
    return `${name}: ${JSON.stringify(fields)},`;
  });
  return `export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Whether the request carries the access token; required when absent, as most are. */
  auth?: 'none' | 'optional' | 'required';
  /** The answer is one page of a list. */
  paged?: true;
}

export const routes = {
${rows.join('\n')}
} as const satisfies Record<string, Route>;

export type OperationName = keyof typeof routes;`;
}

/** Returns the limits of files, in a file of their own, since the client loads them with the code for uploads. */
export function fileLimitsText(): string {
  const { attachmentsPerMessage, attachmentBytes, pictureBytes, fileNameBytes, attachableHours } = limits;
  const values = { attachmentsPerMessage, attachmentBytes, pictureBytes, fileNameBytes, attachableHours };
  return Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${value};`)
    .join('\n');
}

function union(heading: string, name: string, rows: readonly [code: string, meaning: string][]): string {
  const lines = rows.map(([code, meaning]) => ` * - \`${code}\`: ${meaning}`);
  const codes = rows.map(([code]) => `'${code}'`);
  return `/**\n * ${heading}\n *\n${lines.join('\n')}\n */\nexport type ${name} = ${codes.join(' | ')};`;
}

/** Returns the declarations of the codes of errors. */
export function errorsText(): string {
  const errors = namesOf(errorCodes).map((code): [string, string] => [
    code,
    `${errorCodes[code].status}. ${errorCodes[code].detail}`,
  ]);
  const frames = namesOf(frameCodes).map((name): [string, string] => {
    const { code, retryable } = frameCodes[name];
    return [
      name,
      `${code}. ${retryable ? 'The same command may succeed later.' : 'A repetition fails too.'}`,
    ];
  });
  return [
    union('The errors of HTTP requests, with their status.', 'ErrorCode', errors),
    union('The names of `error` and `close` events, with their numeric code.', 'FrameCodeName', frames),
    `/** A field of a request that the server refused. */
export interface FieldError {
  /** The path of the field in dots, such as \`members.0.user_id\`; empty for the body as a whole. */
  path: string;
  /** What its value must be. */
  message: string;
}`,
  ].join('\n\n');
}

/** The errors of S3, and the XML in which it answers. */

import { randomUUID } from 'node:crypto';

/** An answer of the storage service. */
export interface S3Answer {
  status: number;
  /** By lowercase names. */
  headers: Record<string, string>;
  body: Buffer;
}

const statuses = {
  AccessControlListNotSupported: 400,
  AccessDenied: 403,
  AccessForbidden: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidPolicyDocument: 400,
  InvalidRange: 416,
  InvalidTag: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPOSTRequest: 400,
  MalformedXML: 400,
  MaxPostPreDataLengthExceeded: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof statuses;

/**
 * An error that S3 documents. The code and the status are S3's, and so are the messages that its users report.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export class S3Error extends Error {
  readonly code: S3ErrorCode;
  /** Further elements of the answer, such as `MaxSizeAllowed`. */
  readonly details: Record<string, string | number>;

  constructor(code: S3ErrorCode, message: string, details: Record<string, string | number> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Returns the answer for an error. */
export function errorAnswer({ code, message, details }: S3Error): S3Answer {
  return failureAnswer(statuses[code], code, message, details);
}

/** Returns the answer for an error by its status, code and message. */
export function failureAnswer(
  status: number,
  code: string,
  message: string,
  details: Record<string, string | number> = {},
): S3Answer {
  const elements: [string, string | number][] = [
    ['Code', code],
    ['Message', message],
    ...Object.entries(details),
    ['RequestId', randomUUID()],
  ];
  const content = elements.map(([name, value]) => element(name, String(value)));
  return xmlAnswer(`<Error>${content.join('')}</Error>`, status);
}

export function xmlAnswer(content: string, status = 200): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${content}`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** Returns an answer without a body. */
export const emptyAnswer = (status: number, headers: Record<string, string> = {}): S3Answer => ({
  status,
  headers,
  body: Buffer.alloc(0),
});

/** Returns an element with a text. Characters that XML cannot hold as they are become references. */
export function element(name: string, text: string): string {
  const escaped = text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.codePointAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}

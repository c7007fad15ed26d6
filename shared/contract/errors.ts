/** The closed list of errors that a client can receive, with the HTTP status and the WebSocket code of each. */
import { unauthorizedFrameCode } from './wire-constants.ts';

/** Codes of `error` and `close` frames: whether to retry the command, to reconnect, and to resume after the last seq. */
export const frameCodes = {
  room_unavailable: { code: 4000, retryable: false, reconnect: false, resume: false },
  unauthorized: { code: unauthorizedFrameCode, retryable: false, reconnect: false, resume: true },
  forbidden: { code: 4003, retryable: false, reconnect: false, resume: false },
  not_found: { code: 4004, retryable: false, reconnect: false, resume: false },
  invalid_frame: { code: 4005, retryable: false, reconnect: false, resume: false },
  conflict: { code: 4009, retryable: false, reconnect: false, resume: false },
  too_large: { code: 4013, retryable: false, reconnect: false, resume: false },
  rate_limited: { code: 4029, retryable: true, reconnect: true, resume: true },
  try_again: { code: 4100, retryable: true, reconnect: true, resume: true },
  reconnect: { code: 4200, retryable: true, reconnect: true, resume: true },
} as const;

export type FrameCodeName = keyof typeof frameCodes;

interface ErrorRow {
  status: number;
  frame: FrameCodeName;
  /** A short name of the error, for people. */
  title: string;
  /** The sentence that clients show unless the code that throws the error has a more specific one. */
  detail: string;
}

export const errorCodes = {
  invalid_request: {
    status: 400,
    frame: 'invalid_frame',
    title: 'Invalid request',
    detail: 'The request is invalid.',
  },
  unauthorized: {
    status: 401,
    frame: 'unauthorized',
    title: 'Unauthorized',
    detail: 'The access token is missing, invalid or expired. Sign in again or refresh it.',
  },
  // The predecessor's sentence: its clients compare it.
  invalid_credentials: {
    status: 401,
    frame: 'unauthorized',
    title: 'Invalid Credentials',
    detail: 'Invalid Credentials',
  },
  invalid_refresh_token: {
    status: 401,
    frame: 'unauthorized',
    title: 'Invalid refresh token',
    detail: 'The refresh token is invalid, expired or already used. Sign in again.',
  },
  forbidden: {
    status: 403,
    frame: 'forbidden',
    title: 'Forbidden',
    detail: 'You are not allowed to do this.',
  },
  not_found: {
    status: 404,
    frame: 'not_found',
    title: 'Not found',
    detail: 'The requested resource does not exist, or you do not have access to it.',
  },
  method_not_allowed: {
    status: 405,
    frame: 'invalid_frame',
    title: 'Method not allowed',
    detail: 'This path does not support the request method.',
  },
  username_taken: {
    status: 409,
    frame: 'conflict',
    title: 'Username taken',
    detail: 'This username is already taken. Choose another one.',
  },
  room_name_taken: {
    status: 409,
    frame: 'conflict',
    title: 'Room name taken',
    detail: 'This room name is already taken. Choose another one.',
  },
  client_id_reused: {
    status: 409,
    frame: 'conflict',
    title: 'client_id already used',
    detail: 'This client_id was already used for a message with different content.',
  },
  room_unavailable: {
    status: 409,
    frame: 'room_unavailable',
    title: 'Room unavailable',
    detail: 'This room cannot be opened.',
  },
  upload_not_checked: {
    status: 409,
    frame: 'try_again',
    title: 'Upload not checked',
    detail: 'The file is not posted yet or still being checked. Try again in a moment.',
  },
  upload_missing: {
    status: 409,
    frame: 'conflict',
    title: 'Upload missing',
    detail: 'The file was not posted. Post it with the form of its upload, then send the message again.',
  },
  payload_too_large: {
    status: 413,
    frame: 'too_large',
    title: 'Payload too large',
    detail: 'The request is too large.',
  },
  file_too_large: {
    status: 413,
    frame: 'too_large',
    title: 'File too large',
    detail: 'The file is too large.',
  },
  unsupported_media_type: {
    status: 415,
    frame: 'invalid_frame',
    title: 'Unsupported media type',
    detail: 'The content type of the request body must be application/json.',
  },
  file_empty: {
    status: 422,
    frame: 'invalid_frame',
    title: 'File empty',
    detail: 'The file is empty.',
  },
  type_mismatch: {
    status: 422,
    frame: 'invalid_frame',
    title: 'Type mismatch',
    detail: 'The file is not of the type that was declared for it.',
  },
  unreadable_image: {
    status: 422,
    frame: 'invalid_frame',
    title: 'Unreadable image',
    detail: 'The image is damaged, or is of a kind that cannot be read.',
  },
  image_too_large: {
    status: 422,
    frame: 'invalid_frame',
    title: 'Image too large',
    detail: 'The image has too many pixels.',
  },
  rate_limited: {
    status: 429,
    frame: 'rate_limited',
    title: 'Too many requests',
    detail: 'Too many requests. Wait before you send the next one.',
  },
  internal_error: {
    status: 500,
    frame: 'try_again',
    title: 'Internal server error',
    detail: 'The server could not complete the request. Try again later.',
  },
  try_again: {
    status: 503,
    frame: 'try_again',
    title: 'Temporarily unavailable',
    detail: 'The server cannot complete the request at the moment. Try again.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;

/** A field that failed validation: its `path` in dots, such as `members.0.user_id`, and a sentence for people. */
export interface FieldError {
  path: string;
  message: string;
}

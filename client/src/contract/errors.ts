// The codes of errors. Written by `npm run documents`.

/**
 * The errors of HTTP requests, with their status.
 *
 * - `invalid_request`: 400. The request is invalid.
 * - `unauthorized`: 401. The access token is missing, invalid or expired. Sign in again or refresh it.
 * - `invalid_credentials`: 401. Invalid Credentials
 * - `invalid_refresh_token`: 401. The refresh token is invalid, expired or already used. Sign in again.
 * - `forbidden`: 403. You are not allowed to do this.
 * - `not_found`: 404. The requested resource does not exist, or you do not have access to it.
 * - `method_not_allowed`: 405. This path does not support the request method.
 * - `username_taken`: 409. This username is already taken. Choose another one.
 * - `room_name_taken`: 409. This room name is already taken. Choose another one.
 * - `client_id_reused`: 409. This client_id was already used for a message with different content.
 * - `room_unavailable`: 409. This room cannot be opened.
 * - `upload_not_checked`: 409. The file is not posted yet or still being checked. Try again in a moment.
 * - `upload_missing`: 409. The file was not posted. Post it with the form of its upload, then send the message again.
 * - `payload_too_large`: 413. The request is too large.
 * - `file_too_large`: 413. The file is too large.
 * - `unsupported_media_type`: 415. The content type of the request body must be application/json.
 * - `file_empty`: 422. The file is empty.
 * - `type_mismatch`: 422. The file is not of the type that was declared for it.
 * - `unreadable_image`: 422. The image is damaged, or is of a kind that cannot be read.
 * - `image_too_large`: 422. The image has too many pixels.
 * - `rate_limited`: 429. Too many requests. Wait before you send the next one.
 * - `internal_error`: 500. The server could not complete the request. Try again later.
 * - `try_again`: 503. The server cannot complete the request at the moment. Try again.
 */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'invalid_credentials'
  | 'invalid_refresh_token'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'username_taken'
  | 'room_name_taken'
  | 'client_id_reused'
  | 'room_unavailable'
  | 'upload_not_checked'
  | 'upload_missing'
  | 'payload_too_large'
  | 'file_too_large'
  | 'unsupported_media_type'
  | 'file_empty'
  | 'type_mismatch'
  | 'unreadable_image'
  | 'image_too_large'
  | 'rate_limited'
  | 'internal_error'
  | 'try_again';

/**
 * The names of `error` and `close` events, with their numeric code.
 *
 * - `room_unavailable`: 4000. A repetition fails too.
 * - `unauthorized`: 4001. A repetition fails too.
 * - `forbidden`: 4003. A repetition fails too.
 * - `not_found`: 4004. A repetition fails too.
 * - `invalid_frame`: 4005. A repetition fails too.
 * - `conflict`: 4009. A repetition fails too.
 * - `too_large`: 4013. A repetition fails too.
 * - `rate_limited`: 4029. The same command may succeed later.
 * - `try_again`: 4100. The same command may succeed later.
 * - `reconnect`: 4200. The same command may succeed later.
 */
export type FrameCodeName =
  | 'room_unavailable'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'invalid_frame'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'try_again'
  | 'reconnect';

/** A field of a request that the server refused. */
export interface FieldError {
  /** The path of the field in dots, such as `members.0.user_id`; empty for the body as a whole. */
  path: string;
  /** What its value must be. */
  message: string;
}

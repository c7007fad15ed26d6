/** Every error a client can meet, in one closed list: its HTTP status, and the WebSocket code it maps to. */

/** WebSocket codes of `error` and `close` frames, and whether the client may try again or come back. */
export const frameCodes = {
  room_unavailable: { code: 4000, retryable: false, reconnect: false, resume: false },
  unauthorized: { code: 4001, retryable: false, reconnect: false, resume: true },
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
  title: string;
  frame: FrameCodeName;
}

const row = (status: number, title: string, frame: FrameCodeName): ErrorRow => ({ status, title, frame });

export const errorCodes = {
  invalid_request: row(400, 'The request is not valid', 'invalid_frame'),
  unauthorized: row(401, 'A valid access token is needed', 'unauthorized'),
  invalid_credentials: row(401, 'Invalid Credentials', 'unauthorized'),
  invalid_refresh_token: row(401, 'The refresh token is not valid', 'unauthorized'),
  forbidden: row(403, 'This is not allowed', 'forbidden'),
  not_found: row(404, 'There is nothing here', 'not_found'),
  method_not_allowed: row(405, 'This path does not take that method', 'invalid_frame'),
  username_taken: row(409, 'The username is taken', 'conflict'),
  room_name_taken: row(409, 'The room name is taken', 'conflict'),
  client_id_reused: row(409, 'The client_id was used for other content', 'conflict'),
  room_unavailable: row(409, 'The room cannot be opened', 'room_unavailable'),
  payload_too_large: row(413, 'The request is too large', 'too_large'),
  unsupported_media_type: row(415, 'The body must be application/json', 'invalid_frame'),
  rate_limited: row(429, 'Too many requests', 'rate_limited'),
  internal_error: row(500, 'The server failed', 'try_again'),
  try_again: row(503, 'Try again', 'try_again'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;

/** One field that failed validation: `path` in dots, e.g. `members.0.user_id`. */
export interface FieldError {
  path: string;
  message: string;
}

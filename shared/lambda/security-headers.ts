/** The security headers of every response, errors included. Pages add those that they need beyond them. */

/** Two years. The preload lists of browsers require at least one. */
const strictTransport = 'max-age=63072000';

const commonHeaders = {
  // Responses are data: a browser must not run or frame them, or guess another type.
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Returns the headers. Strict-Transport-Security is omitted over plain HTTP, which the local runtime uses. */
export function securityHeaders(
  requestHeaders: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  return requestHeaders['x-forwarded-proto'] === 'https'
    ? { ...commonHeaders, 'strict-transport-security': strictTransport }
    : { ...commonHeaders };
}

/** Headers that every answer has, errors included; what a page needs beyond them it sets itself. */

/** Two years, as browsers' own lists ask for. */
const strictTransport = 'max-age=63072000';

const everywhere = {
  // What is answered is data: nothing of it may be run, framed, or taken for another type.
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Over plain HTTP, as a local runtime has it, a browser must not be told to insist on HTTPS. */
export function securityHeaders(
  requestHeaders: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  return requestHeaders['x-forwarded-proto'] === 'https'
    ? { ...everywhere, 'strict-transport-security': strictTransport }
    : { ...everywhere };
}

/** Reads bearer tokens from the Authorization header. */
import type { Caller } from '../domain/model/accounts.ts';
import type { Tokens } from '../domain/ports/accounts.ts';
import { ChatError } from '../domain/chat-error.ts';

/**
 * Returns the token of the header; undefined without a header. The gateway joins the lines of a repeated header with
 * commas, which no token contains, so a request with two tokens is refused.
 * @throws ChatError `unauthorized` for another scheme, for none, and for more than one token
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, token] = /^bearer +([\w.~+/-]+=*) *$/i.exec(header) ?? [];
  if (token === undefined) throw new ChatError('unauthorized');
  return token;
}

/**
 * Verifies the token of the header and returns the caller; undefined when there is no header and none is `required`.
 * @throws ChatError `unauthorized`
 */
export async function authenticate(
  tokens: Pick<Tokens, 'verifyAccess'>,
  header: string | undefined,
  { required, now }: { required: boolean; now: number },
): Promise<Caller | undefined> {
  const token = bearerToken(header);
  if (token !== undefined) return tokens.verifyAccess(token, now);
  if (required) throw new ChatError('unauthorized');
  return undefined;
}

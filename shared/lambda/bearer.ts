/** The Authorization header. */
import type { Caller } from '../domain/model.ts';
import type { Tokens } from '../domain/ports/accounts.ts';
import { ChatError } from '../domain/chat-error.ts';

/**
 * Undefined without a header. The gateway joins the lines of a repeated header by commas, which no token holds, so
 * two tokens are refused.
 * @throws `unauthorized` for another scheme, or none, and for more than one token
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, token] = /^bearer +([\w.~+/-]+=*) *$/i.exec(header) ?? [];
  if (token === undefined) throw new ChatError('unauthorized');
  return token;
}

/** Undefined without a header, and that is fine, unless a token is `required`. Throws `unauthorized`. */
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

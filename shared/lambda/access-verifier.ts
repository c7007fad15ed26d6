/** For functions that check access tokens and issue none. */
import type { Tokens } from '../domain/ports/accounts.ts';
import type { Config, verifierVariables } from './config.ts';
import { secretReader, type SecretReader } from './secrets.ts';
import { tokens } from './tokens.ts';
import { random } from './system.ts';

export function accessVerifier(
  config: Config<(typeof verifierVariables)[number]>,
  signingKeys: SecretReader = secretReader(config.SIGNING_KEY_SECRET_ID),
): Pick<Tokens, 'verifyAccess'> {
  return tokens(
    signingKeys,
    { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE, accessLifetimeMs: 0 },
    random.uuid,
  );
}

/** For functions that check access tokens and issue none. */
import type { Tokens } from '../domain/ports.ts';
import type { Config, verifierVariables } from './config.ts';
import { secretReader } from './secrets.ts';
import { tokens } from './tokens.ts';
import { random } from './world.ts';

export function accessVerifier(
  config: Config<(typeof verifierVariables)[number]>,
): Pick<Tokens, 'verifyAccess'> {
  return tokens(
    secretReader(config.SIGNING_KEY_SECRET_ID),
    { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE, accessLifetimeMs: 0 },
    random.uuid,
  );
}

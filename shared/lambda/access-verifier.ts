/** Verifies access tokens, for functions that issue none. */
import type { Tokens } from '../domain/ports/accounts.ts';
import type { ConfigOf } from './config.ts';
import { secretReader, type SecretReader } from './secrets.ts';
import { tokens } from './tokens.ts';
import { random } from './system.ts';

/** What a function must read to verify access tokens. */
export type VerifierConfig = ConfigOf<'signingKeySecretId' | 'tokenIssuer' | 'tokenAudience'>;

export function accessVerifier(
  config: VerifierConfig,
  signingKeys: SecretReader = secretReader(config.signingKeySecretId),
): Pick<Tokens, 'verifyAccess'> {
  return tokens(
    signingKeys,
    { issuer: config.tokenIssuer, audience: config.tokenAudience, accessLifetimeMs: 0 },
    random.uuid,
  );
}

/** Hashes passwords: bcrypt over a keyed digest, since bcrypt alone ignores everything after byte 72. */
import { createHmac } from 'node:crypto';
import { compare, getRounds, hash as bcryptHash } from 'bcryptjs';
import type { PasswordHasher } from '../../shared/domain/ports/accounts.ts';
import type { SecretReader } from '../../shared/lambda/secrets.ts';

/**
 * Creates the password hasher.
 * @param cost bcrypt's cost: each step doubles the time of a hash
 */
export function passwordHasher(pepper: SecretReader, cost: number): PasswordHasher {
  // Compared with the password of an unknown user, so that the answer takes as long as for a known one. Its
  // salt is all zeros.
  const unknownUserHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  /**
   * Returns 64 characters of base64: fewer than bcrypt's 72 bytes, and without the zero byte that would end
   * its input.
   */
  const digest = async (password: string): Promise<string> =>
    createHmac('sha384', await pepper.current())
      .update(password.normalize('NFKC'))
      .digest('base64');
  return {
    hash: async (password) => bcryptHash(await digest(password), cost),
    async verify(password, hash) {
      const matches = await compare(await digest(password), hash ?? unknownUserHash);
      return matches && hash !== undefined;
    },
    isOutdated: (hash) => getRounds(hash) !== cost,
  };
}

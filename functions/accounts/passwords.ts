/** Password hashes: bcrypt over a keyed digest, since bcrypt alone ignores what follows byte 72. */
import { createHmac } from 'node:crypto';
import { compare, getRounds, hash as bcryptHash } from 'bcryptjs';
import type { PasswordHasher } from '../../shared/domain/ports/accounts.ts';
import type { SecretReader } from '../../shared/lambda/secrets.ts';

/** `cost` is bcrypt's: each step doubles the time. */
export function passwordHasher(pepper: SecretReader, cost: number): PasswordHasher {
  // What an unknown user's password is compared with, so that the answer takes as long. Its salt is all zeros.
  const nobodysHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  /** 48 bytes in base64: 64 characters, below bcrypt's 72, and no zero byte to end it early. */
  const digest = async (password: string): Promise<string> =>
    createHmac('sha384', await pepper.current())
      .update(password.normalize('NFKC'))
      .digest('base64');
  return {
    hash: async (password) => bcryptHash(await digest(password), cost),
    async verify(password, hash) {
      const matches = await compare(await digest(password), hash ?? nobodysHash);
      return matches && hash !== undefined;
    },
    isOutdated: (hash) => getRounds(hash) !== cost,
  };
}

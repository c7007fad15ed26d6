/**
 * Settings of the runtimes that the bench measures: users hashed at the lowest cost, tokens that outlast the bench,
 * and no sender held up for sending much.
 */
export const benchSettings: Readonly<Record<string, string>> = {
  BCRYPT_COST: '4',
  ACCESS_TOKEN_LIFETIME_MINUTES: '240',
  MESSAGES_PER_10_SECONDS: '1000000',
};

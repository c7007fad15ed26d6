/** Settings of accounts: tokens, passwords and sign-ins. */
import { boolean, decimal, limit, wholeNumber } from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const accountSettings = {
  accessTokenLifetimeMinutes: setting({
    topic: 'Accounts',
    variable: 'ACCESS_TOKEN_LIFETIME_MINUTES',
    parser: decimal({ from: 0.01, to: 43_200 }),
    defaults: everyStage(5),
    readBy: ['accounts'],
    unit: 'minutes',
    description: 'How long an access token is valid.',
  }),
  refreshTokenLifetimeDays: setting({
    topic: 'Accounts',
    variable: 'REFRESH_TOKEN_LIFETIME_DAYS',
    parser: wholeNumber({ from: 1, to: 365 }),
    defaults: everyStage(1),
    readBy: ['accounts'],
    unit: 'days',
    description: 'How long a refresh token is valid.',
  }),
  rotateRefreshTokens: setting({
    topic: 'Accounts',
    variable: 'ROTATE_REFRESH_TOKENS',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['accounts'],
    description: 'Issue a new refresh token at every refresh.',
  }),
  blacklistAfterRotation: setting({
    topic: 'Accounts',
    variable: 'BLACKLIST_AFTER_ROTATION',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['accounts'],
    description: 'Refuse a refresh token once it has been exchanged for a new one.',
  }),
  bcryptCost: setting({
    topic: 'Accounts',
    variable: 'BCRYPT_COST',
    // Above 15 a hash takes longer than the 15 seconds that an invocation of `accounts` may last.
    parser: wholeNumber({ from: 4, to: 15 }),
    defaults: { local: 8, dev: 11, prod: 11 },
    readBy: ['accounts'],
    description: 'The cost of a password hash; one more doubles the time that it takes.',
  }),
  loginFailuresPerAccount: setting({
    topic: 'Accounts',
    variable: 'LOGIN_FAILURES_PER_ACCOUNT',
    parser: limit,
    defaults: everyStage(10),
    readBy: ['accounts'],
    unit: 'failures in 15 minutes',
    description:
      'Failed logins to one account from one address; ten times as many from all addresses together.',
  }),
  loginFailuresPerAddress: setting({
    topic: 'Accounts',
    variable: 'LOGIN_FAILURES_PER_ADDRESS',
    parser: limit,
    defaults: everyStage(100),
    readBy: ['accounts'],
    unit: 'failures in 15 minutes',
    description: 'Failed logins from one address, to all accounts together.',
  }),
  loginsPerAccountPerHour: setting({
    topic: 'Accounts',
    variable: 'LOGINS_PER_ACCOUNT_PER_HOUR',
    parser: limit,
    defaults: everyStage(100),
    readBy: ['accounts'],
    unit: 'logins an hour',
    description:
      'Successful logins to one account; ten times as many from one address, to all accounts together.',
  }),
  registrationsPerAddressPerHour: setting({
    topic: 'Accounts',
    variable: 'REGISTRATIONS_PER_ADDRESS_PER_HOUR',
    parser: limit,
    defaults: everyStage(20),
    readBy: ['accounts'],
    unit: 'registrations an hour',
    description: 'Registrations from one address.',
  }),
} satisfies Record<string, Setting>;

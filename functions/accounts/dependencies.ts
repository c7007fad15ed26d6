/** What the accounts function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { budgetSettings, budgetVariables } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { cursorSeal } from '../../shared/lambda/cursor-seal.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { tokens } from '../../shared/lambda/tokens.ts';
import { viewerAddress } from '../../shared/lambda/viewer-address.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { limitStore } from '../../shared/storage/limit-store.ts';
import { subscriptionStore } from '../../shared/storage/subscription-store.ts';
import { budgetStore } from '../../shared/storage/budget-store.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { erasureStore } from '../../shared/storage/erasure-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { revocationStore } from '../../shared/storage/revocation-store.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { sessionStore } from '../../shared/storage/session-store.ts';
import { loginPauseStore } from '../../shared/storage/login-pause-store.ts';
import { userStore } from '../../shared/storage/user-store.ts';
import { passwordHasher } from './passwords.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export function dependencies() {
  const config = readConfig([
    'TABLE_NAME',
    'SIGNING_KEY_SECRET_ID',
    'PASSWORD_PEPPER_SECRET_ID',
    'EDGE_KEY_SECRET_ID',
    'TOKEN_ISSUER',
    'TOKEN_AUDIENCE',
    'ACCESS_TOKEN_LIFETIME_MINUTES',
    'REFRESH_TOKEN_LIFETIME_DAYS',
    'ROTATE_REFRESH_TOKENS',
    'BLACKLIST_AFTER_ROTATION',
    'BCRYPT_COST',
    'LOGIN_FAILURES_PER_ACCOUNT',
    'LOGIN_FAILURES_PER_ADDRESS',
    'LOGINS_PER_ACCOUNT_PER_HOUR',
    'REGISTRATIONS_PER_ADDRESS_PER_HOUR',
    'LOOKUPS_PER_USER_PER_MINUTE',
    ...budgetVariables,
  ]);
  const db = openTable(config.TABLE_NAME);
  const signingKeys = secretReader(config.SIGNING_KEY_SECRET_ID);
  const accessTokenLifetimeMs = config.ACCESS_TOKEN_LIFETIME_MINUTES * minuteMs;
  return {
    users: userStore(db),
    sessions: sessionStore(db, { accessTokenLifetimeMs }),
    revocations: revocationStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    erasures: erasureStore(db, clock),
    cursors: cursorSeal(signingKeys),
    limits: limitStore(db),
    loginPauses: loginPauseStore(db),
    passwords: passwordHasher(secretReader(config.PASSWORD_PEPPER_SECRET_ID), config.BCRYPT_COST),
    tokens: tokens(
      signingKeys,
      {
        issuer: config.TOKEN_ISSUER,
        audience: config.TOKEN_AUDIENCE,
        accessLifetimeMs: accessTokenLifetimeMs,
      },
      random.uuid,
    ),
    addressOf: viewerAddress(secretReader(config.EDGE_KEY_SECRET_ID)),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates({ limits: limitStore(db), clock }, { lookups: config.LOOKUPS_PER_USER_PER_MINUTE }),
    clock,
    random,
    fingerprint,
    settings: {
      accessTokenLifetimeMs,
      refreshTokenLifetimeMs: config.REFRESH_TOKEN_LIFETIME_DAYS * dayMs,
      rotateRefreshTokens: config.ROTATE_REFRESH_TOKENS,
      blacklistAfterRotation: config.BLACKLIST_AFTER_ROTATION,
      failuresPerAccount: config.LOGIN_FAILURES_PER_ACCOUNT,
      failuresPerAddress: config.LOGIN_FAILURES_PER_ADDRESS,
      loginsPerHour: config.LOGINS_PER_ACCOUNT_PER_HOUR,
      registrationsPerHour: config.REGISTRATIONS_PER_ADDRESS_PER_HOUR,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;

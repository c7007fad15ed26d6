/**
 * Limits failed logins. Above the limit of an address, its logins are refused until the window ends. Above
 * the limit of an account, either from one address or from all addresses together, each further attempt must
 * wait for a pause. Strangers can reach the limit from all addresses, so it does not apply to addresses the
 * owner has signed in from.
 */
import type { LimitStore, LoginPauseStore } from '../ports/accounts.ts';
import type { Clock, Fingerprint } from '../ports/system.ts';
import { countAttempt, windowStartOf } from './fixed-window.ts';
import { admitAfterPause, currentPause } from './login-pauses.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface FailedLoginPorts {
  limits: LimitStore;
  loginPauses: LoginPauseStore;
  clock: Clock;
  fingerprint: Fingerprint;
}

export interface FailedLoginLimits {
  failuresPerAccount: number;
  failuresPerAddress: number;
}

/** The account that a login is for, and the address that it comes from. */
export interface LoginTarget {
  /** Fingerprint of the username. */
  name: string;
  address: string;
}

const windowMs = 15 * 60 * 1_000;

/**
 * The first pause is longer for an address that failed itself than for one that comes while other addresses
 * fail.
 */
const firstPauseMs = { ownFailures: 30_000, failuresElsewhere: 1_000 } as const;

/** The limit of an account from all addresses is this many times its limit from one address. */
const addressesPerAccount = 10;

/**
 * An address counts as known to an account in the period of its last successful login and in the next period.
 */
const knownPeriodMs = 30 * 24 * 60 * 60 * 1_000;

/** A login that has been counted as a failure and may be attempted. */
export interface CountedLogin {
  /** Refunds the login, which succeeded, and remembers its address. */
  succeed(): Promise<void>;
}

/**
 * Counts a login as failed before its password is compared.
 * @throws ChatError `rate_limited` when the address has failed too often, or must wait before it tries this
 *   account again
 */
export async function countLogin(
  ports: FailedLoginPorts,
  target: LoginTarget,
  { failuresPerAccount, failuresPerAddress }: FailedLoginLimits,
): Promise<CountedLogin> {
  const { limits, loginPauses, clock } = ports;
  const { name, address } = target;
  const scopes = {
    pair: `login/${name}/${address}`,
    address: `login/${address}`,
    account: `login/${name}`,
    pause: pauseScope(ports, target),
  };
  const now = clock.now();
  const [attempt, stored] = await waitForAll([
    countAttempt(
      limits,
      [
        { scope: scopes.pair, max: failuresPerAccount },
        { scope: scopes.address, max: failuresPerAddress },
        { scope: scopes.account, max: failuresPerAccount * addressesPerAccount },
      ],
      { now, windowMs },
    ),
    loginPauses.find(scopes.pause),
  ]);
  const exceeds = (scope: string): boolean => attempt.exceeded.includes(scope);
  const isPaused = currentPause(stored, now) !== undefined;
  try {
    if (exceeds(scopes.address)) throw attempt.refusal();
    if (isPaused || exceeds(scopes.pair) || (exceeds(scopes.account) && !(await isKnown(ports, target))))
      await admitAfterPause(loginPauses, {
        scope: scopes.pause,
        stored,
        firstPauseMs: exceeds(scopes.pair) ? firstPauseMs.ownFailures : firstPauseMs.failuresElsewhere,
        now,
      });
  } catch (error) {
    // No password was compared: a refusal must not keep a limit exceeded, or use up the limit of the address.
    await attempt.refund();
    throw error;
  }
  return {
    async succeed() {
      await waitForAll([
        attempt.refund(),
        rememberAddress(ports, target),
        isPaused ? loginPauses.reset(scopes.pause) : undefined,
      ]);
    },
  };
}

/** Exempts the address from the limit that strangers can reach from elsewhere. */
async function rememberAddress(ports: FailedLoginPorts, target: LoginTarget): Promise<void> {
  const start = windowStartOf(ports.clock.now(), knownPeriodMs);
  await ports.limits.hit(knownScope(ports, target), start, 2 * knownPeriodMs);
}

async function isKnown(ports: FailedLoginPorts, target: LoginTarget): Promise<boolean> {
  const start = windowStartOf(ports.clock.now(), knownPeriodMs);
  const scopes = [knownScope(ports, target)];
  const counts = await waitForAll([
    ports.limits.counts(scopes, start),
    ports.limits.counts(scopes, start - knownPeriodMs),
  ]);
  return counts.flat().some((count) => count > 0);
}

/** A fingerprint, since these counters outlive the windows and must not reveal addresses. */
const knownScope = ({ fingerprint }: FailedLoginPorts, { name, address }: LoginTarget): string =>
  `known/${fingerprint(`${name}/${address}`)}`;

const pauseScope = ({ fingerprint }: FailedLoginPorts, { name, address }: LoginTarget): string =>
  `turn/${fingerprint(`${name}/${address}`)}`;

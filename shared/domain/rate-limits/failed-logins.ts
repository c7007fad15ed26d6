/**
 * How often a login may fail. Beyond the limit of an address nothing more is tried in that window. Beyond the limit of an
 * account, from one address or from anywhere, each further try waits for a pause; the limit from anywhere, which
 * strangers can fill, does not hold for addresses that the owner has signed in from.
 */
import type { LimitStore, LoginPauseStore } from '../ports/accounts.ts';
import type { Clock, Fingerprint } from '../ports/system.ts';
import { countAttempt, windowStartOf } from './fixed-window.ts';
import { currentPause, admitAfterPause } from './login-pauses.ts';

export interface LoginLimitPorts {
  limits: LimitStore;
  loginPauses: LoginPauseStore;
  clock: Clock;
  fingerprint: Fingerprint;
}

export interface LoginLimits {
  failuresPerAccount: number;
  failuresPerAddress: number;
}

/** Who is tried, by a fingerprint of the name, and from where. */
export interface LoginTarget {
  name: string;
  address: string;
}

const windowMs = 15 * 60 * 1_000;

/** An address that failed by itself waits longer than one that comes while others fail. */
const firstPauseMs = { ownFailures: 30_000, failuresElsewhere: 1_000 } as const;

/** From so many addresses together an account may be tried to its limit. */
const addressesPerAccount = 10;

/** An address is known to an account for one to two of these. */
const knownMs = 30 * 24 * 60 * 60 * 1_000;

/** A login that was counted and may be tried. */
export interface CountedLogin {
  /** The password was right: uncounts it, and remembers the address. */
  succeed(): Promise<void>;
}

/**
 * Counts a login before it is tried.
 * @throws `rate_limited` when the address has failed too often, or must wait for its next guess at this account
 */
export async function countLogin(
  ports: LoginLimitPorts,
  target: LoginTarget,
  { failuresPerAccount, failuresPerAddress }: LoginLimits,
): Promise<CountedLogin> {
  const { limits, loginPauses, clock } = ports;
  const { name, address } = target;
  const scopes = {
    pair: `login/${name}/${address}`,
    address: `login/${address}`,
    account: `login/${name}`,
    turn: turnScope(ports, target),
  };
  const now = clock.now();
  const [attempt, found] = await Promise.all([
    countAttempt(
      limits,
      [
        { scope: scopes.pair, most: failuresPerAccount },
        { scope: scopes.address, most: failuresPerAddress },
        { scope: scopes.account, most: failuresPerAccount * addressesPerAccount },
      ],
      { now, windowMs },
    ),
    loginPauses.find(scopes.turn),
  ]);
  const exceeds = (scope: string): boolean => attempt.exceeded.includes(scope);
  const isPaused = currentPause(found, now) !== undefined;
  try {
    if (exceeds(scopes.address)) throw attempt.refusal();
    if (isPaused || exceeds(scopes.pair) || (exceeds(scopes.account) && !(await isKnown(ports, target))))
      await admitAfterPause(loginPauses, {
        scope: scopes.turn,
        found,
        firstPauseMs: exceeds(scopes.pair) ? firstPauseMs.ownFailures : firstPauseMs.failuresElsewhere,
        now,
      });
  } catch (error) {
    // No password was tried: refusals alone must not keep a limit filled, or fill that of the address.
    await attempt.takeBack();
    throw error;
  }
  return {
    async succeed() {
      await Promise.all([
        attempt.takeBack(),
        rememberAddress(ports, target),
        isPaused ? loginPauses.reset(scopes.turn) : undefined,
      ]);
    },
  };
}

/** After a login: from here the owner gets in, however many strangers fail elsewhere. */
async function rememberAddress(ports: LoginLimitPorts, target: LoginTarget): Promise<void> {
  await ports.limits.hit(knownScope(ports, target), windowStartOf(ports.clock.now(), knownMs), 2 * knownMs);
}

async function isKnown(ports: LoginLimitPorts, target: LoginTarget): Promise<boolean> {
  const start = windowStartOf(ports.clock.now(), knownMs);
  const scope = [knownScope(ports, target)];
  const [now, before] = await Promise.all([
    ports.limits.counts(scope, start),
    ports.limits.counts(scope, start - knownMs),
  ]);
  return [...now, ...before].some((times) => times > 0);
}

/** These outlive the windows, so the address cannot be read from them. */
const knownScope = ({ fingerprint }: LoginLimitPorts, { name, address }: LoginTarget): string =>
  `known/${fingerprint(`${name}/${address}`)}`;

const turnScope = ({ fingerprint }: LoginLimitPorts, { name, address }: LoginTarget): string =>
  `turn/${fingerprint(`${name}/${address}`)}`;

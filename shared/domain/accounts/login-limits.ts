/**
 * How often a login may fail: for an account from one address, for an address, and for an account from anywhere. The
 * last one a stranger could fill, so it does not hold for addresses that its owner has signed in from.
 */
import type { LimitStore } from '../ports/accounts.ts';
import type { Clock, Fingerprint } from '../ports/world.ts';
import { countAttempt, windowStartOf, type Attempt } from './attempts.ts';

export interface LoginLimitPorts {
  limits: LimitStore;
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

/** From so many addresses together an account may be tried to its limit. */
const addressesPerAccount = 10;

/** An address is known to an account for one to two of these. */
const knownMs = 30 * 24 * 60 * 60 * 1_000;

/** Counts a login before it is tried. Throws `rate_limited`. */
export async function countLogin(
  ports: LoginLimitPorts,
  target: LoginTarget,
  { failuresPerAccount, failuresPerAddress }: LoginLimits,
): Promise<Attempt> {
  const { name, address } = target;
  const everywhere = `login/${name}`;
  const attempt = await countAttempt(
    ports.limits,
    [
      { scope: `login/${name}/${address}`, most: failuresPerAccount },
      { scope: `login/${address}`, most: failuresPerAddress },
      { scope: everywhere, most: failuresPerAccount * addressesPerAccount },
    ],
    { now: ports.clock.now(), windowMs },
  );
  const { exceeded } = attempt;
  const isWithin =
    exceeded.length === 0 ||
    (exceeded.length === 1 && exceeded[0] === everywhere && (await isKnown(ports, target)));
  if (isWithin) return attempt;
  // No password was tried: refusals alone must not keep a limit filled, or fill that of the address.
  await attempt.takeBack();
  throw attempt.refusal();
}

/** After a login: from here the owner gets in, however many strangers fail elsewhere. */
export async function rememberAddress(ports: LoginLimitPorts, target: LoginTarget): Promise<void> {
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

/** The address is not told by it. */
const knownScope = ({ fingerprint }: LoginLimitPorts, { name, address }: LoginTarget): string =>
  `known/${fingerprint(`${name}/${address}`)}`;

/** A rate with a burst, as API Gateway counts requests; it does not know what is counted. */

/** Takes one token; false when there is none left. */
export type TakeToken = () => boolean;

/** A full bucket of `burst` tokens that regains `perSecond` of them each second. */
export function createTokenBucket(
  perSecond: number,
  burst: number,
  now: () => number = () => performance.now(),
): TakeToken {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

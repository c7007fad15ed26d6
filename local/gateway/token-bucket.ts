/** A token bucket: a rate with a burst, by which API Gateway throttles requests. */

/** Takes one token; returns false when none is left. */
export type TakeToken = () => boolean;

/** Creates a full bucket of `burst` tokens, to which `perSecond` tokens are added each second. */
export function createTokenBucket(
  perSecond: number,
  burst: number,
  now: () => number = () => performance.now(),
): TakeToken {
  let tokens = burst;
  let filledAtMs = now();
  return () => {
    const nowMs = now();
    tokens = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

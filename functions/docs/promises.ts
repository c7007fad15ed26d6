/** The body of `GET /health/promises/`: the result of the canary's last check, as the contract has it. */
import type { CanaryResult } from '../../shared/storage/entities/canary-result.ts';

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Returns the body for a result, which is undefined before the first check. */
export function promisesHealth(result: CanaryResult | undefined, nowMs: number): object {
  if (result === undefined) return { status: 'unknown', last_check: null };
  const isValid = result.validUntil >= nowMs;
  return { status: isValid ? (result.isKept ? 'ok' : 'failing') : 'unknown', last_check: checkOf(result) };
}

/** The problem may name addresses and texts of errors, so it stays in the log. */
function checkOf(result: CanaryResult): object {
  const { checkedAt, sent, acknowledged, lost, missed, misplaced, medianMs, slowestMs, problem } = result;
  return {
    checked_at: isoTime(checkedAt),
    completed: problem === undefined,
    sent,
    acknowledged,
    lost,
    missed,
    misplaced,
    median_ms: medianMs ?? null,
    slowest_ms: slowestMs ?? null,
  };
}

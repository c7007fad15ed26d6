/** Counts what a user uploads in a day, in UTC. */
import { ChatError } from '../chat-error.ts';
import type { Clock } from '../ports/system.ts';
import type { UploadQuota, UploadStore } from '../ports/uploads.ts';
import { windowStartOf } from '../rate-limits/fixed-window.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Counts a file for its user's day.
 * @throws ChatError `rate_limited` until the next day, in UTC, when the quota is used up
 */
export async function countUpload(
  { uploads, clock }: { uploads: Pick<UploadStore, 'reserve'>; clock: Clock },
  userId: string,
  { bytes, quota }: { bytes: number; quota: UploadQuota },
): Promise<void> {
  const now = clock.now();
  const startsAtMs = windowStartOf(now, dayMs);
  const day = { startsAtMs, endsAtMs: startsAtMs + dayMs };
  if (await uploads.reserve(userId, day, bytes, quota)) return;
  throw new ChatError('rate_limited', {
    detail: 'You have uploaded as much as you may in one day. Try again tomorrow.',
    retryAfterMs: day.endsAtMs - now,
  });
}

/** The line above the first message of a day. */
import { strings } from '../strings.ts';

const dayMs = 86_400_000;

export function DayLine({ timestamp }: { timestamp: string }) {
  return (
    <p className="day">
      <time dateTime={timestamp}>{nameOf(timestamp)}</time>
    </p>
  );
}

/** Whether two times are on the same day where the user is. */
export function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

function nameOf(timestamp: string): string {
  const now = Date.now();
  if (isSameDay(timestamp, new Date(now).toISOString())) return strings.today;
  if (isSameDay(timestamp, new Date(now - dayMs).toISOString())) return strings.yesterday;
  return new Date(timestamp).toLocaleDateString([], { dateStyle: 'full' });
}

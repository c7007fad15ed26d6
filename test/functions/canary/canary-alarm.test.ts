/** The schedule of the canary in a local runtime, and the alarm that is raised when its checks find a broken promise. */
import { afterEach, describe, expect, it } from 'vitest';
import { rulesOf } from '../../chaos/harness/rules.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { useRuntime } from '../../kit/use-runtime.ts';

// A check every three seconds.
const { runtime } = useRuntime({
  faults: true,
  limits: { scale: 20 },
  settings: { CANARY_INTERVAL_MINUTES: '1', CANARY_MESSAGES: '2' },
});

const rules = rulesOf(() => runtime().url);
afterEach(() => rules.clear());

const patience = { timeoutMs: 30_000 };

interface Health {
  status: string;
  checkedAtMs: number;
}

async function health(): Promise<Health> {
  const { status, last_check: check } = await bodyOf(200, call('GET', '/health/promises/'));
  return { status, checkedAtMs: Date.parse(check?.checked_at ?? '1970-01-01') };
}

/** Waits for a check with this result that ended after a time. */
const checkAfter = (afterMs: number, status: string): Promise<Health> =>
  eventually(async () => {
    const result = await health();
    expect(result).toMatchObject({ status });
    expect(result.checkedAtMs).toBeGreaterThan(afterMs);
    return result;
  }, patience);

async function stateAt(atMs: number): Promise<string> {
  const at = new Date(atMs).toISOString();
  const { alarms } = await bodyOf(200, call('GET', `/_local/alarms?at=${at}`));
  return alarms.find(({ name }: { name: string }) => name.endsWith('PromisesBroken')).state;
}

const periodMs = 300_000;

/** A time at which the second of two checks is in the last period of the alarm, and the first one in the period before. */
const between = (first: Health, second: Health): number =>
  (first.checkedAtMs + second.checkedAtMs) / 2 + periodMs;

describe('the schedule of the canary', { timeout: 90_000 }, () => {
  it('checks the promises, and raises the alarm when they are broken in two periods in a row', async () => {
    const kept = await checkAfter(0, 'ok');
    // An earlier check may have failed while functions started.
    runtime().metrics.store.clear();
    await rules.add({ point: 'connections', action: 'drop', match: { contains: '"chat_message"' } });
    const first = await checkAfter(kept.checkedAtMs, 'failing');
    expect(await stateAt(between(kept, first))).toBe('OK');
    const second = await checkAfter(first.checkedAtMs + 2_000, 'failing');
    // The metrics of a check are written after its result.
    await eventually(async () => expect(await stateAt(between(first, second))).toBe('ALARM'), patience);
  });

  it('refuses a time of the alarms that is none', async () => {
    expect(await call('GET', '/_local/alarms?at=noon')).toMatchObject({ status: 400 });
  });
});

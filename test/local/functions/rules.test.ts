import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSchedules } from '../../../local/functions/rules.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-02T03:04:05.678Z') }));
afterEach(() => void vi.useRealTimers());

const schedule = { ruleArn: 'arn:rule', functionId: 'Check', intervalSeconds: 300 };

function start(more: { input?: string }, scale: number) {
  const accept = vi.fn<(functionId: string, event: string) => void>();
  const stack = { schedules: [{ ...schedule, ...more }], region: 'us-east-1', accountId: '1' };
  return { accept, stop: startSchedules({ stack, invocations: { accept }, scale }) };
}

describe('a schedule', () => {
  it('invokes its function with the event of EventBridge after each interval, until it is ended', () => {
    const { accept, stop } = start({}, 1);
    vi.advanceTimersByTime(299_999);
    expect(accept).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(accept.mock.calls.map(([functionId, event]) => [functionId, JSON.parse(event)])).toEqual([
      [
        'Check',
        {
          version: '0',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account: '1',
          time: '2026-01-02T03:09:05Z',
          region: 'us-east-1',
          resources: ['arn:rule'],
          detail: {},
        },
      ],
    ]);
    vi.advanceTimersByTime(300_000);
    expect(accept).toHaveBeenCalledTimes(2);
    stop();
    vi.advanceTimersByTime(900_000);
    expect(accept).toHaveBeenCalledTimes(2);
  });

  it('passes on the input of its rule, more often where the runtime is scaled', () => {
    const { accept, stop } = start({ input: '{"a":1}' }, 100);
    vi.advanceTimersByTime(6_000);
    expect(accept.mock.calls).toEqual([
      ['Check', '{"a":1}'],
      ['Check', '{"a":1}'],
    ]);
    stop();
  });
});

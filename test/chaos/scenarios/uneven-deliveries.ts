/** The faults of at-least-once delivery: rules for the table stream and for asynchronous invocations. */
import type { FaultRule } from '../harness/rules.ts';

/** Returns rules that repeat, reorder, delay and fail deliveries. */
export function unevenDeliveries(seed: number): FaultRule[] {
  const rule = (id: string, part: Pick<FaultRule, 'point' | 'action'> & Partial<FaultRule>): FaultRule => ({
    id,
    seed: `${seed}/${id}`,
    ...part,
  });
  return [
    rule('stream-fail', { point: 'stream', action: 'fail', probability: 0.1 }),
    rule('stream-late', { point: 'stream', action: 'fail', match: { phase: 'after' }, probability: 0.15 }),
    rule('stream-twice', { point: 'stream', action: 'duplicate', probability: 0.25 }),
    rule('stream-shuffled', { point: 'stream', action: 'reorder', probability: 0.3 }),
    rule('stream-kill', { point: 'stream', action: 'kill', delayMs: 5, probability: 0.05, count: 10 }),
    // Fewer than the attempts for an event, so that only the poison record uses up its attempts.
    rule('async-fail', { point: 'async', action: 'fail', probability: 0.1, count: 1 }),
    rule('async-late', {
      point: 'async',
      action: 'fail',
      match: { phase: 'after' },
      probability: 0.1,
      count: 1,
    }),
    rule('async-twice', { point: 'async', action: 'duplicate', probability: 0.3, delayMs: 20 }),
    rule('async-delay', { point: 'async', action: 'delay', probability: 0.3, delayMs: 100 }),
  ];
}

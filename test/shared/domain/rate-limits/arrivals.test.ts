import { expect, it, vi } from 'vitest';
import { arrivalWindowMs, arrivesTooOften } from '../../../../shared/domain/rate-limits/arrivals.ts';
import { memoryChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, uuid } from '../../../kit/memory-chat/system.ts';

const arriving = () => {
  const ports = { ...memoryChat(), settings: { arrivalsPerWindow: 5 } };
  return { ports, arrive: (room = roomId, user = ann.userId) => arrivesTooOften(ports, room, user) };
};

it('admits the set number of arrivals of a user in a room in each window of ten seconds', async () => {
  const { ports, arrive } = arriving();
  ports.clock.pass(9_000);
  for (let count = 0; count < 5; count += 1) expect(await arrive()).toBe(false);
  expect([await arrive(), await arrive()]).toEqual([true, true]);
  ports.clock.pass(1_000);
  expect(await arrive()).toBe(false);
  expect(arrivalWindowMs).toBe(10_000);
});

it('counts each user in each room separately', async () => {
  const { arrive } = arriving();
  for (let count = 0; count < 6; count += 1) await arrive();
  expect([await arrive(uuid(101)), await arrive(roomId, bob.userId), await arrive()]).toEqual([
    false,
    false,
    true,
  ]);
});

it('admits no more than the set number of arrivals at the same moment', async () => {
  const { arrive } = arriving();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => arrive()));
  expect(outcomes.filter((isTooOften) => !isTooOften)).toHaveLength(5);
});

it('costs one write per arrival', async () => {
  const { ports, arrive } = arriving();
  const hits = vi.spyOn(ports.limits, 'hit');
  await arrive();
  expect(hits.mock.calls).toEqual([[expect.stringContaining(roomId), ports.clock.now(), 10_000]]);
});

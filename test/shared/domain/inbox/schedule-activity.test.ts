import { describe, expect, it } from 'vitest';
import { scheduleActivity } from '../../../../shared/domain/inbox/schedule-activity.ts';
import type { ActivityTask } from '../../../../shared/domain/model/inbox.ts';
import { openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, start } from '../../../kit/memory-chat/system.ts';

async function openSchedule() {
  const chat = await openChat();
  const tasks: ActivityTask[] = [];
  const ports = { ...chat, enqueueActivity: async (task: ActivityTask) => void tasks.push(task) };
  const schedule = () => scheduleActivity(ports, { roomId, userId: ann.userId });
  return { ports, schedule, dueIn: () => tasks.map(({ dueAtMs }) => dueAtMs - start) };
}

describe('the activity of a room', () => {
  it('is due at once, and then every two seconds while changes go on', async () => {
    const { ports, schedule, dueIn } = await openSchedule();
    for (let passed = 0; passed < 5_000; passed += 100) {
      await schedule();
      ports.clock.pass(100);
    }
    expect(dueIn()).toEqual([0, 2_000, 4_000, 6_000]);
  });

  it('is sent after every change, however changes and sends are spaced', async () => {
    for (const pauseMs of [1, 499, 500, 501, 1_500, 1_999, 2_000, 2_001, 7_000]) {
      const { ports, schedule, dueIn } = await openSchedule();
      for (let change = 0; change < 20; change += 1) {
        await schedule();
        expect(Math.max(...dueIn()), `after ${pauseMs} ms`).toBeGreaterThanOrEqual(ports.clock.now() - start);
        ports.clock.pass(pauseMs);
      }
      const times = dueIn();
      for (const [index, time] of times.slice(1).entries())
        expect(time - times[index]!).toBeGreaterThanOrEqual(2_000);
    }
  });

  it('is scheduled again when the record of an invocation was lost', async () => {
    const { ports, schedule, dueIn } = await openSchedule();
    const { setDue } = ports.inbox;
    ports.inbox.setDue = () => Promise.reject(new Error('lost'));
    await expect(schedule()).rejects.toThrow('lost');
    ports.inbox.setDue = setDue;
    await schedule();
    expect(dueIn()).toEqual([0, 0]);
  });

  it('is not recorded as scheduled when the invocation was not accepted', async () => {
    const { ports, schedule, dueIn } = await openSchedule();
    const { enqueueActivity } = ports;
    ports.enqueueActivity = () => Promise.reject(new Error('refused'));
    await expect(schedule()).rejects.toThrow('refused');
    ports.enqueueActivity = enqueueActivity;
    await schedule();
    expect(dueIn()).toEqual([0]);
  });
});

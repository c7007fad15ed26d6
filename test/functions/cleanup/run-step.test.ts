import { describe, expect, it, vi } from 'vitest';
import { runStep } from '../../../functions/cleanup/run-step.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { bob } from '../../kit/memory-chat/system.ts';

async function openCleanup() {
  const chat = await openChat({ isPrivate: true }, bob);
  const enqueued: CleanupTask[] = [];
  const pause = async (milliseconds: number) => chat.clock.pass(milliseconds);
  const ports = { ...chat, pause, enqueueCleanup: async (task: CleanupTask) => void enqueued.push(task) };
  return { ports, enqueued };
}

describe('a purge', () => {
  it('deletes the room, and ends', async () => {
    const { ports, enqueued } = await openCleanup();
    for (let time = 0; time < 2; time += 1) await runStep(ports, { kind: 'purge', roomId });
    expect([ports.state.rooms.size, ports.state.heads.size]).toEqual([0, 0]);
    expect(enqueued).toEqual([]);
  });

  it('is continued by another invocation when a minute has passed', async () => {
    const { ports, enqueued } = await openCleanup();
    const purge = vi
      .spyOn(ports.rooms, 'purge')
      .mockImplementation(async () => (ports.clock.pass(25_000), { done: false }));
    await runStep(ports, { kind: 'purge', roomId });
    expect(purge).toHaveBeenCalledTimes(3);
    expect(enqueued).toEqual([{ kind: 'purge', roomId }]);
  });

  it('fails when the next invocation cannot be enqueued, so that Lambda repeats it', async () => {
    const { ports } = await openCleanup();
    vi.spyOn(ports.rooms, 'purge').mockImplementation(
      async () => (ports.clock.pass(61_000), { done: false }),
    );
    const enqueueCleanup = () => Promise.reject(new Error('throttled'));
    await expect(runStep({ ...ports, enqueueCleanup }, { kind: 'purge', roomId })).rejects.toThrow(
      'throttled',
    );
  });
});

describe('an erasure', () => {
  it('runs in steps, until a step after the first finds nothing', async () => {
    const { ports, enqueued } = await openCleanup();
    await runStep(ports, { kind: 'erasure', userId: bob.userId, step: 0 });
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
    expect(enqueued).toEqual([{ kind: 'erasure', userId: bob.userId, step: 1 }]);
    await runStep(ports, enqueued[0]!);
    expect(enqueued).toHaveLength(1);
  });

  it('has a second step, since the rooms of its user may be listed late', async () => {
    const { ports, enqueued } = await openCleanup();
    const { listRooms } = ports.erasures;
    ports.erasures.listRooms = async () => [];
    await runStep(ports, { kind: 'erasure', userId: bob.userId, step: 0 });
    ports.erasures.listRooms = listRooms;
    await runStep(ports, enqueued[0]!);
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
  });

  it('fails with its step, so that Lambda repeats it', async () => {
    const { ports } = await openCleanup();
    ports.erasures.renameInLog = () => Promise.reject(new Error('no answer'));
    const task = { kind: 'erasure', userId: bob.userId, step: 0 } as const;
    await expect(runStep(ports, task)).rejects.toThrow('no answer');
  });
});

import { describe, expect, it } from 'vitest';
import { erasureStepItem } from '../../../../shared/storage/entities/erasure-step.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { bob, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { openStream } from '../open-stream.ts';

describe('a deleted account', () => {
  const step = (n: number) =>
    record({ after: erasureStepItem(bob.userId, n, start), sequenceNumber: `erasure ${n}` });

  it('is erased from its rooms in steps, until a step finds nothing', async () => {
    const { ports, handle, errors } = await openStream();
    await handle(step(0));
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
    await handle(step(1));
    expect(errors).toEqual([]);
    expect(ports.erasures.steps()).toEqual([{ userId: bob.userId, step: 1 }]);
  });

  it('is erased in a second step, since its rooms may be listed late', async () => {
    const { ports, handle } = await openStream();
    const { listRooms } = ports.erasures;
    ports.erasures.listRooms = async () => [];
    await handle(step(0));
    ports.erasures.listRooms = listRooms;
    expect(ports.erasures.steps()).toEqual([{ userId: bob.userId, step: 1 }]);
    await handle(step(1));
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
  });

  it('is erased again by the stream when a step fails', async () => {
    const { ports, handle, errors } = await openStream();
    ports.erasures.renameInLog = () => Promise.reject(new Error('no answer'));
    expect(await handle(step(0))).toEqual(['erasure 0']);
    expect(errors).toEqual([new Error('no answer')]);
  });
});

import { describe, expect, it } from 'vitest';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { change, message, voidEntry } from './stored-entries.ts';
import { startTable } from './started-table.ts';

const { log, openRoom, rooms } = await startTable();
const { userId } = ann;

describe('storing a message', () => {
  it('is refused under a seq that has a void entry', async () => {
    const { roomId } = await openRoom();
    await log.putVoids([voidEntry(roomId, 1)]);
    const taken = { stored: false, reason: 'seq_taken' };
    expect(await log.putMessage(message(roomId, 1), 'hash')).toEqual(taken);
    expect(await log.putMessage(message(roomId, 1, { clientId: 'c-1' }), 'hash')).toEqual(taken);
    expect(await log.putMessage(message(roomId, 2, { clientId: 'c-1' }), 'hash')).toEqual({ stored: true });
  });

  it('succeeds when it is repeated under its own seq after a lost response', async () => {
    const { roomId } = await openRoom();
    for (const more of [{}, { clientId: 'c-1', seq: 2 }]) {
      const entry = message(roomId, 1, more);
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
    }
  });

  it('returns the original and stores nothing when the client_id was used', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1, { clientId: 'c-1' }), 'hash');
    const duplicate = { stored: false, reason: 'duplicate', seq: 1, contentHash: 'hash' };
    expect(await log.putMessage(message(roomId, 2, { clientId: 'c-1' }), 'other')).toEqual(duplicate);
    expect(await log.get(roomId, 2)).toBeUndefined();
  });

  it('accepts the same client_id from another user or in another room', async () => {
    const [one, two] = [await openRoom(), await openRoom()];
    for (const entry of [
      message(one.roomId, 1, { clientId: 'c-1' }),
      message(one.roomId, 2, { clientId: 'c-1', userId: bob.userId }),
      message(two.roomId, 1, { clientId: 'c-1' }),
    ]) {
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
    }
  });

  it('stores one of many concurrent sends with the same client_id', async () => {
    const { roomId } = await openRoom();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        log.putMessage(message(roomId, at + 1, { clientId: 'c-1' }), 'hash'),
      ),
    );
    expect(outcomes.filter(({ stored }) => stored)).toHaveLength(1);
  });
});

describe('storing an edit', () => {
  it('changes the message, and the edit with the higher seq wins in either order', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    expect(await log.putEdit(change('edit', roomId, 3), 'third')).toBe('stored');
    expect(await log.putEdit(change('edit', roomId, 2), 'second')).toBe('overtaken');
    expect(await log.putChangeAlone(change('edit', roomId, 2))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({ content: 'third', editSeq: 3, editedAtMs: start + 3 });
  });

  it('is refused under a taken seq, and succeeds when its own entry has the seq', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putVoids([voidEntry(roomId, 2, false)]);
    expect(await log.putEdit(change('edit', roomId, 2), 'x')).toBe('seq_taken');
    expect(await log.putChangeAlone(change('edit', roomId, 2))).toBe('seq_taken');
    await log.putEdit(change('edit', roomId, 3), 'x');
    expect(await log.putEdit(change('edit', roomId, 3), 'x')).toBe('stored');
    expect(await log.putChangeAlone(change('edit', roomId, 3))).toBe('stored');
  });

  it('reports a message that was deleted or never existed as deleted', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putDeletion(change('delete', roomId, 2));
    expect(await log.putEdit(change('edit', roomId, 3), 'x')).toBe('deleted');
    expect(await log.putEdit(change('edit', roomId, 4, 9), 'x')).toBe('deleted');
    expect(await log.get(roomId, 3)).toBeUndefined();
  });
});

describe('storing a deletion', () => {
  it('removes the content of an edited message and keeps the time of the edit', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putEdit(change('edit', roomId, 2), 'edited');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({
      content: '',
      isDeleted: true,
      editedAtMs: start + 2,
      userId,
    });
  });

  it('does not mark a message as edited that never was', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    expect(await log.putDeletion(change('delete', roomId, 2))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({ isDeleted: true });
    expect(await log.get(roomId, 1)).not.toHaveProperty('editedAtMs');
  });

  it('takes effect once, also when it is repeated after a lost response', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putVoids([voidEntry(roomId, 2, false)]);
    expect(await log.putDeletion(change('delete', roomId, 2))).toBe('seq_taken');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.putDeletion(change('delete', roomId, 4))).toBe('deleted');
    expect(await rooms.head(roomId)).toMatchObject({ voids: 0, dead: { seqs: [1] } });
  });
});

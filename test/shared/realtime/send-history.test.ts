import { describe, expect, it, vi } from 'vitest';
import { historyEvents } from '../../../shared/realtime/send-history.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { writeLog } from '../domain/log-steps.ts';
import { realtime, type Ports } from './room-sockets.ts';

describe('historyEvents after a seq', () => {
  const events = async (ports: Ports, after: number, limit = 50) =>
    historyEvents(ports, (await ports.rooms.head(roomId))!, { after, limit });

  it('returns every later entry, of any kind', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mmm');
    expect(await events(ports, 1)).toMatchObject([
      { seq: 2 },
      { seq: 3 },
      { type: 'history_end', first_seq: 2, head: 3, has_more: false, recovered: true },
    ]);
    expect(await events(ports, 3)).toMatchObject([{ type: 'history_end', first_seq: null, recovered: true }]);
    expect(await events(ports, 0, 2)).toMatchObject([{ seq: 1 }, { seq: 2 }, { has_more: true }]);
  });

  it('returns the newest messages and a gap to a client that has seen a seq above the head', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm');
    expect(await events(ports, 5)).toMatchObject([
      { seq: 1 },
      { type: 'history_end', recovered: false, gap: { from: 2, to: 5 } },
    ]);
  });

  it('reads nothing for a client that has seen the head', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mm');
    const reads = vi.spyOn(ports.log, 'range');
    expect(await events(ports, 2)).toMatchObject([
      { type: 'history_end', first_seq: null, head: 2, has_more: false, recovered: true },
    ]);
    expect(reads).not.toHaveBeenCalled();
  });

  it('starts the gap after the seqs that are still being written', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm__');
    expect((await events(ports, 9)).at(-1)).toMatchObject({ head: 1, gap: { from: 4, to: 9 } });
  });

  it('starts the gap after the entries that were committed during the read', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm');
    const before = (await ports.rooms.head(roomId))!;
    await writeLog(ports, 'mm');
    for (const [after, from] of [
      [9, 4],
      [2, 2],
    ] as const) {
      const late = await historyEvents(ports, before, { after, limit: 50 });
      expect(late.at(-1)).toMatchObject({ head: 3, recovered: false, gap: { from, to: after } });
    }
  });

  it('does not count seqs that are still being written as sent', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm_m');
    expect((await events(ports, 0)).at(-1)).toMatchObject({ type: 'history_end', head: 1 });
  });
});

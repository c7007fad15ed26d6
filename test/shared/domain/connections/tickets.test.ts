import { describe, expect, it, vi } from 'vitest';
import { createTicket, redeemTicket } from '../../../../shared/domain/connections/tickets.ts';
import { memoryChat, openChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';

const settings = { mayCreateRooms: true, connectionsPerUser: 2 };

describe('a ticket', () => {
  it("is redeemed for the caller's identity once, within thirty seconds", async () => {
    const chat = memoryChat();
    const { ticket, expires_in } = await createTicket(chat, ann, undefined, settings);
    expect(expires_in).toBe(30);
    chat.clock.pass(29_999);
    expect(await redeemTicket(chat, ticket)).toEqual(ann);
    await expect(redeemTicket(chat, ticket)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is refused after thirty seconds, and when it was never created', async () => {
    const chat = memoryChat();
    const { ticket } = await createTicket(chat, ann, undefined, settings);
    chat.clock.pass(30_000);
    await expect(redeemTicket(chat, ticket)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(redeemTicket(chat, 'invented')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is stored as a fingerprint only', async () => {
    const chat = memoryChat();
    const put = vi.spyOn(chat.tickets, 'put');
    const { ticket } = await createTicket(chat, ann, undefined, settings);
    expect(JSON.stringify(put.mock.calls)).not.toContain(ticket);
  });

  it('is refused for a room for the same reasons as a handshake', async () => {
    const chat = await openChat({ isPrivate: true });
    await expect(createTicket(chat, bob, 'general', settings)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      createTicket(chat, bob, 'none', { ...settings, mayCreateRooms: false }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(createTicket(chat, bob, 'none', settings)).resolves.toBeDefined();
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { TokenHolder } from '../../../shared/domain/accounts/revocation.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { ann, uuid } from '../../kit/memory-chat/system.ts';
import { type AnyHandler, call, chat, room } from './chat-function.ts';
import { recordLog } from './recorded-log.ts';

recordLog();

describe('an access token of an ended session', () => {
  /** A lookup that answers when it is released. */
  const lookup = () => {
    let answer = (_isRevoked: boolean): void => {};
    const isRevoked = vi.fn(
      (_holder: TokenHolder) => new Promise<boolean>((resolve) => void (answer = resolve)),
    );
    return { isRevoked, release: (revoked: boolean) => answer(revoked) };
  };
  const opening = { method: 'POST', path: '/chat/rooms/create/', body: '{"room_name":"general"}' };

  it.each([
    ['a change', 'createRoom', opening],
    ['reading', 'listMyRooms', { path: '/chat/rooms/mine/' }],
    ['a GET that may create a room', 'openDirectRoom', { path: `/chat/dm/${uuid(2)}/` }],
  ] as const)('is refused for %s', async (_, name, sent) => {
    const handler = vi.fn<AnyHandler>(async () => ({ status: 200, body: [] }));
    const signedOut = { isRevoked: async ({ sessionId }: TokenHolder) => sessionId === ann.sessionId };
    const { status, json } = await call(chat({ [name]: handler }, signedOut), sent);
    expect([status, json.code]).toEqual([401, 'unauthorized']);
    expect(handler.mock.calls.length).toBe(name === 'listMyRooms' ? 1 : 0);
  });

  it('is looked up before a change starts', async () => {
    const { isRevoked, release } = lookup();
    const createRoom = vi.fn<AnyHandler>(async () => ({ status: 201, body: room }));
    const answer = call(chat({ createRoom }, { isRevoked }), opening);
    await vi.waitFor(() =>
      expect(isRevoked).toHaveBeenCalledWith(expect.objectContaining({ sessionId: ann.sessionId })),
    );
    expect(createRoom).not.toHaveBeenCalled();
    release(false);
    expect((await answer).status).toBe(201);
  });

  it('is looked up during a read, and refused even when the read fails', async () => {
    const { isRevoked, release } = lookup();
    const listMyRooms = vi.fn<AnyHandler>(() => Promise.reject(new ChatError('not_found')));
    const answer = call(chat({ listMyRooms }, { isRevoked }), { path: '/chat/rooms/mine/' });
    await vi.waitFor(() => expect(listMyRooms).toHaveBeenCalled());
    release(true);
    expect((await answer).status).toBe(401);
  });

  it('is not looked up for an operation that needs no token', async () => {
    const { isRevoked } = lookup();
    const listRooms: AnyHandler = async () => ({ status: 200, body: [] });
    expect((await call(chat({ listRooms }, { isRevoked }), {})).status).toBe(200);
    expect(isRevoked).not.toHaveBeenCalled();
  });
});

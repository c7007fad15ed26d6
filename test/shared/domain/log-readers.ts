/** Reads pages of messages from a log in both directions. */
import { isMessage, readBackward, readForward } from '../../../shared/domain/messages/read-log.ts';
import { roomId, type MemoryChat } from '../../kit/memory-chat/chat.ts';

/** Returns the head of the room. */
export const headOf = async (chat: MemoryChat) => (await chat.rooms.head(roomId))!;

/** Reads a page of messages after a seq, by default from the beginning. */
export const forward = async (chat: MemoryChat, after = 0, limit = 50) =>
  readForward(chat, { roomId, limit, select: isMessage, head: await headOf(chat) }, after);

/** Reads the newest page of messages. */
export const backward = async (chat: MemoryChat, limit = 50) =>
  readBackward(chat, { roomId, limit, select: isMessage, head: await headOf(chat) }, Number.MAX_SAFE_INTEGER);

/** Readers of the first page, by direction. */
export const readers = { forwards: forward, backwards: (chat: MemoryChat) => backward(chat) };

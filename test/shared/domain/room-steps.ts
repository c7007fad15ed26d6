/** Creates rooms of ann for the tests of rooms and of their lists. */
import { createRoom } from '../../../shared/domain/rooms/create-room.ts';
import type { MemoryChat } from '../../kit/memory-chat/chat.ts';
import { ann } from '../../kit/memory-chat/system.ts';

/** Creates a room; it is public by default. */
export const make = (chat: MemoryChat, name: string, isPrivate = false) =>
  createRoom(chat, ann, { name, description: '', isPrivate });

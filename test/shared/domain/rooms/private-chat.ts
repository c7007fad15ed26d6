/** Opens a private room for the tests of membership. */
import { openChat, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat } from '../../../kit/memory-chat/system.ts';

/** Opens a private room of ann with the other users as members, and registers ann, bob and cat. */
export async function privateChat(...others: (typeof ann)[]): Promise<MemoryChat> {
  const chat = await openChat({ isPrivate: true }, ...others);
  for (const { userId, username } of [ann, bob, cat]) {
    await chat.users.register(
      { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: 0 },
      { userId, email: '' },
      { userId, username, passwordHash: '', tokenVersion: 0 },
    );
  }
  return chat;
}

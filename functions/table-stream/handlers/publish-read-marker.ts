/** A read marker moved: told to those in the room, and to the reader's other devices. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Member } from '../../../shared/domain/model.ts';
import { smallRoomFanOut } from '../../../shared/domain/rate-limits/costs.ts';
import { messageRead } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import { tellUser } from '../../../shared/realtime/evict.ts';
import type { Dependencies } from '../dependencies.ts';

export async function publishReadMarker(ports: Dependencies, member: Member): Promise<void> {
  const event = messageRead(member);
  const head = await ports.rooms.head(member.roomId);
  if (event === undefined || head === undefined) return;
  await tellUser(ports, member.userId, member.roomId, event);
  // In a large room everybody's reading, told to everybody, would be the square of it: there it can be listed.
  if (isLargeRoom(head) || !(await mayBeTold(ports, member.userId))) return;
  await publish(ports, head, [event]);
}

/** A marker moves for less than it costs to tell a room of it. Past its user's budget it can still be listed. */
async function mayBeTold({ budget }: Dependencies, userId: string): Promise<boolean> {
  try {
    await budget.spend(userId, { costMicroDollars: smallRoomFanOut });
    return true;
  } catch (error) {
    if (error instanceof ChatError && error.code === 'rate_limited') return false;
    throw error;
  }
}

/** Publishes the move of a read marker: to the reader's other devices, and to the subscribers of a small room. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { isLargeRoom } from '../../../shared/domain/connections/subscribers.ts';
import { scheduleActivity } from '../../../shared/domain/inbox/schedule-activity.ts';
import { isWatched } from '../../../shared/domain/inbox/watch-rooms.ts';
import { receiptOf } from '../../../shared/domain/messages/receipt.ts';
import type { Member } from '../../../shared/domain/model/rooms.ts';
import { smallRoomFanOutMicroDollars } from '../../../shared/domain/rate-limits/charges.ts';
import { publish } from '../../../shared/realtime/fan-out.ts';
import { findInboxSockets } from '../../../shared/realtime/inbox/inbox-sockets.ts';
import { messageRead } from '../../../shared/realtime/frames.ts';
import { notifyDevices, notifyUser } from '../../../shared/realtime/notify-user.ts';
import type { Dependencies } from '../dependencies.ts';

export async function publishReadMarker(ports: Dependencies, member: Member): Promise<void> {
  const event = messageRead(member);
  const head = await ports.rooms.head(member.roomId);
  if (event === undefined || head === undefined) return;
  // Other users know already that the reader came further, before messages were marked as unread.
  const isReceipt = receiptOf<{ seq: number }>(member)?.seq === member.lastRead?.seq;
  const notify = isReceipt ? notifyUser : notifyDevices;
  await notify(ports, member.userId, member.roomId, event);
  if (isWatched(head, ports.clock.now())) await announceToReader(ports, member);
  if (!isReceipt) return;
  // In a large room the read markers of all users would cost the square of their number. Clients can list them.
  if (isLargeRoom(head) || !(await isWithinBudget(ports, member.userId))) return;
  await publish(ports, head, [event]);
}

/** Has the activity of the room sent to the reader's inboxes, since the unread count has changed. */
export async function announceToReader(ports: Dependencies, member: Member): Promise<void> {
  const sockets = await findInboxSockets(ports, [member.userId]);
  if (sockets.size > 0) await scheduleActivity(ports, member);
}

/** Moving a marker costs less than publishing the move. Beyond the user's budget the marker can still be listed. */
async function isWithinBudget({ budget }: Dependencies, userId: string): Promise<boolean> {
  try {
    await budget.spend(userId, { costMicroDollars: smallRoomFanOutMicroDollars });
    return true;
  } catch (error) {
    if (error instanceof ChatError && error.code === 'rate_limited') return false;
    throw error;
  }
}

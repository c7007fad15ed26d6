/** Publishes that messages were marked as unread: to the reader's own devices alone. */
import { isWatched } from '../../../shared/domain/inbox/watch-rooms.ts';
import { countUnread } from '../../../shared/domain/messages/unread.ts';
import type { Member } from '../../../shared/domain/model/rooms.ts';
import { lastReadMessageId } from '../../../shared/domain/views.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { notifyDevices } from '../../../shared/realtime/notify-user.ts';
import type { Dependencies } from '../dependencies.ts';
import { announceToReader } from './publish-read-marker.ts';

export async function publishUnread(
  ports: Dependencies,
  { roomId, userId, lastRead }: Member,
): Promise<void> {
  const [member, current] = await waitForAll([
    ports.members.get(roomId, userId),
    ports.unread.getHead(roomId, userId),
  ]);
  // The marker has moved since: that move has a record of its own, and this one must not arrive after it.
  if (member === undefined || current === undefined || member.lastRead?.seq !== lastRead?.seq) return;
  const { head, own } = current;
  await notifyDevices(ports, userId, roomId, {
    type: 'message_unread',
    room_id: roomId,
    message_id: lastReadMessageId(member),
    unread_count: await countUnread(ports, { userId, head, own, marker: member.lastRead }),
  });
  if (isWatched(head, ports.clock.now())) await announceToReader(ports, member);
}

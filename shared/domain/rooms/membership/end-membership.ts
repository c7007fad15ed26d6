/** Ends a membership in steps that can be repeated: the member, their open sockets, then the log entry. */
import { endsWithMembership } from '../../access.ts';
import { readUserConnections } from '../../connections/subscribers.ts';
import { newMembershipEntry, newVoidEntry } from '../../messages/new-entry.ts';
import type { Head, Member } from '../../model/rooms.ts';
import type { LogStore } from '../../ports/log.ts';
import type { MemberStore, RoomStore } from '../../ports/rooms.ts';
import type { ConnectionStore, SubscriptionStore } from '../../ports/sockets.ts';
import type { Clock } from '../../ports/system.ts';
import { appendMembership } from './append-membership.ts';
import { waitForAll } from '../../wait-for-all.ts';

export interface EndMembershipPorts {
  rooms: Pick<RoomStore, 'get'>;
  members: MemberStore;
  log: LogStore;
  subscriptions: SubscriptionStore;
  connections: Pick<ConnectionStore, 'getMany' | 'updateRoom'>;
  clock: Clock;
}

/**
 * Returns the head that the entry's seq was taken from; undefined when the user was no member.
 * @throws ChatError `forbidden` for the owner, unless `evenOwner` is set.
 */
export async function endMembership(
  ports: EndMembershipPorts,
  roomId: string,
  userId: string,
  options: { evenOwner: boolean } = { evenOwner: false },
): Promise<Head | undefined> {
  const member = await ports.members.startRemoval(roomId, userId, options);
  return member && completeRemoval(ports, member);
}

/**
 * Completes a removal that another function has begun and may not have finished. Changes nothing when the removal is
 * complete, or when the user was added again since.
 */
export async function finishRemoval(
  ports: EndMembershipPorts,
  roomId: string,
  userId: string,
): Promise<void> {
  const member = await ports.members.findRemoval(roomId, userId);
  if (member !== undefined) await completeRemoval(ports, member);
}

/**
 * The removal has been recorded, so readers no longer see a member. The user's sockets lose the room next, and the entry
 * is appended last: nothing that is committed after it is posted to them, and nothing they send after it is accepted. A
 * socket is registered under its user before it is admitted, so one that is not found here will find the removal.
 */
async function completeRemoval(ports: EndMembershipPorts, member: Member): Promise<Head> {
  const { roomId, userId } = member;
  const [room, sockets] = await waitForAll([ports.rooms.get(roomId), readUserConnections(ports, userId)]);
  const connections = await ports.connections.getMany(sockets.map(({ connectionId }) => connectionId));
  await waitForAll(
    connections.map(async ({ connectionId, rooms }) => {
      const open = rooms[roomId];
      if (open === undefined) return;
      await waitForAll([
        ports.subscriptions.remove({ topic: roomId, shard: open.shard, connectionId }),
        ports.connections.updateRoom(connectionId, roomId, { isRemoved: true }),
      ]);
    }),
  );
  const at = ports.clock.now();
  const endsRight = room === undefined || endsWithMembership(room);
  const { head, outcome } = await appendMembership(
    ports.log,
    { roomId, forMessage: false, endsRight, at },
    (head) => ports.members.remove(roomId, userId, newMembershipEntry(head, 'member_removed', member)),
  );
  if (outcome === 'gone') await ports.log.putVoids([newVoidEntry(head, false)]);
  return head;
}

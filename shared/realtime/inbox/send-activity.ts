/**
 * Sends the activity of a room to the inboxes that watch it. The content is read first, then who is a member, then which
 * sockets they have, so nothing that was written after a user lost access reaches that user.
 */
import * as limits from '../../contract/limits.ts';
import { isInboxSocket } from '../../domain/inbox/watch-rooms.ts';
import { clockSkewMs } from '../../domain/inbox/schedule-activity.ts';
import { findLastMessages } from '../../domain/messages/last-messages.ts';
import { countUnread, type UnreadPorts } from '../../domain/messages/unread.ts';
import type { MessageEntry } from '../../domain/model/log.ts';
import type { ActivityTask } from '../../domain/model/inbox.ts';
import type { Head, Member } from '../../domain/model/rooms.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { LogStore } from '../../domain/ports/log.ts';
import type { MemberStore, RoomStore } from '../../domain/ports/rooms.ts';
import type { ConnectionStore } from '../../domain/ports/sockets.ts';
import type { UnreadStore } from '../../domain/ports/unread.ts';
import { activityMicroDollars } from '../../domain/rate-limits/charges.ts';
import type { UserBudget } from '../../domain/rate-limits/user-budget.ts';
import { waitForAll } from '../../domain/wait-for-all.ts';
import { deliver, type Delivery, type PublishPorts } from '../fan-out.ts';
import { roomActivity } from '../frames.ts';
import { packFrames } from '../send-events.ts';
import { endIdleWatches, findInboxSockets } from './inbox-sockets.ts';

export interface SendActivityPorts extends PublishPorts, UnreadPorts {
  inbox: InboxStore;
  rooms: Pick<RoomStore, 'get' | 'head'>;
  members: Pick<MemberStore, 'getMany'>;
  log: Pick<LogStore, 'getMany' | 'rangeDown'>;
  unread: UnreadPorts['unread'] & Pick<UnreadStore, 'getOwnOfUsers'>;
  connections: PublishPorts['connections'] & Pick<ConnectionStore, 'getMany'>;
  budget: Pick<UserBudget, 'charge'>;
}

export async function sendActivity(ports: SendActivityPorts, task: ActivityTask): Promise<void> {
  const { inbox, rooms, clock } = ports;
  const { roomId } = task;
  await waitUntil(ports, task.dueAtMs);
  const pace = await inbox.pace(roomId);
  const earliestAtMs = pace.sentAtMs + limits.activityIntervalMs;
  // An earlier invocation was late, so this one is too early.
  await waitUntil(ports, earliestAtMs);
  const sentAtMs = clock.now();
  const [room, head] = await waitForAll([rooms.get(roomId), rooms.head(roomId)]);
  if (room === undefined || head?.watchedUntilMs === undefined) return;
  if (room.memberCount > limits.inboxRoomMembers) {
    await inbox.clearWatched(roomId, head.watchedUntilMs);
    return;
  }
  const last = (await findLastMessages(ports.log, [head], sentAtMs)).get(roomId);
  const watches = await inbox.watchers(roomId);
  const members = await ports.members.getMany(
    roomId,
    watches.map(({ userId }) => userId),
  );
  const isNews = head.seq > pace.sentSeq;
  const receiving = isNews ? members : members.filter((member) => hasReadSince(member, pace.sentAtMs));
  const sockets = await findInboxSockets(
    ports,
    receiving.map(({ userId }) => userId),
  );
  const deliveries = await toDeliveries(ports, { head, last, receiving, sockets });
  await deliver(ports, deliveries);
  ports.metrics.measure('ActivityLag', Math.max(0, clock.now() - Math.max(task.dueAtMs, earliestAtMs)));
  await waitForAll([
    inbox.recordSent(roomId, { sentAtMs, sentSeq: head.seq }),
    ports.budget.charge(task.userId, activityMicroDollars(watches.length, deliveries.length)),
    isNews ? endIdleWatches(ports, head, watches, sockets) : undefined,
  ]);
}

/** Whether the user has read the room on a device since the activity was last sent. */
const hasReadSince = ({ lastRead }: Member, timeMs: number): boolean =>
  lastRead !== undefined && lastRead.at > timeMs - clockSkewMs;

/** Never longer than two intervals: a later time can only come from a clock that is wrong. */
async function waitUntil({ clock }: Pick<SendActivityPorts, 'clock'>, timeMs: number): Promise<void> {
  const waitMs = Math.min(timeMs - clock.now(), 2 * limits.activityIntervalMs);
  if (waitMs <= 0) return;
  await new Promise((resolve) => {
    setTimeout(resolve, waitMs);
  });
}

interface ActivityFacts {
  head: Head;
  last: MessageEntry | undefined;
  receiving: Member[];
  /** Ids of connections by user. */
  sockets: Map<string, string[]>;
}

/** Returns the event of each user for those of their sockets that do not have the room open. */
async function toDeliveries(
  ports: SendActivityPorts,
  { head, last, receiving, sockets }: ActivityFacts,
): Promise<Delivery[]> {
  const online = receiving.filter(({ userId }) => sockets.has(userId));
  const userIds = online.map(({ userId }) => userId);
  const [connections, own] = await waitForAll([
    ports.connections.getMany([...sockets.values()].flat()),
    ports.unread.getOwnOfUsers(head.roomId, userIds),
  ]);
  const now = ports.clock.now();
  const open = connections.filter(
    (connection) => isInboxSocket(connection, now) && connection.rooms[head.roomId] === undefined,
  );
  const deliveries = await waitForAll(
    online.map(async ({ userId, lastRead: marker }) => {
      const recipients = open.filter((connection) => connection.userId === userId);
      if (recipients.length === 0) return [];
      const unread = await countUnread(ports, { userId, head, own: own.get(userId), marker });
      const frames = packFrames([roomActivity(head, last, unread)]);
      return recipients.map((recipient) => ({ recipient, frames }));
    }),
  );
  return deliveries.flat();
}

/** `typing`: posts a typing indicator to the other users of a small room. It is stored nowhere. */
import * as limits from '../../../shared/contract/limits.ts';
import { isAlive, readSubscribers } from '../../../shared/domain/connections/subscribers.ts';
import { smallRoomFanOutMicroDollars } from '../../../shared/domain/rate-limits/charges.ts';
import { smallRoomConnections } from '../../../shared/domain/thresholds.ts';
import { fanOut } from '../../../shared/realtime/fan-out.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const typing: CommandHandler<'typing'> = async (ports, connection, { is_typing, room_id }) => {
  const { roomId, room } = roomOf(connection, { room_id });
  const { connectionId, userId, username } = connection;
  const now = ports.clock.now();
  // A state that is repeated within a short time is not published again.
  if (!ports.floods.shouldPublishTyping(connectionId, roomId, is_typing, now)) return;
  // In a large room typing would cost the square of the number of users.
  if (room.shard > 0) return;
  await ports.budget.spend(userId, { costMicroDollars: smallRoomFanOutMicroDollars });
  const subscribers = await readSubscribers(ports, roomId, 1);
  if (subscribers.length > smallRoomConnections) return;
  // A socket that has not been welcomed yet, or that was evicted, is not a subscriber.
  if (!subscribers.some((subscriber) => subscriber.connectionId === connectionId)) return;
  const others = subscribers.filter((subscriber) => subscriber.userId !== userId && isAlive(subscriber, now));
  await fanOut(ports, others, [
    {
      type: 'typing_indicator',
      user: username,
      user_id: userId,
      room: room.name,
      room_id: roomId,
      is_typing,
      expires_in_ms: limits.typingLifetimeMs,
    },
  ]);
};

/** `typing`: told to the others of a small room at once, kept nowhere. */
import { limits } from '../../../shared/contract/limits.ts';
import {
  isAlive,
  readSubscribers,
  smallRoomConnections,
} from '../../../shared/domain/connections/subscribers.ts';
import { smallRoomFanOut } from '../../../shared/domain/rate-limits/costs.ts';
import { fanOut } from '../../../shared/realtime/fan-out.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const typing: CommandHandler<'typing'> = async (ports, connection, { is_typing, room_id }) => {
  const { roomId, room } = roomOf(connection, { room_id });
  const now = ports.clock.now();
  // Said again and again it is no news, and costs the room nothing.
  if (!ports.floods.shouldPublishTyping(connection.connectionId, roomId, is_typing, now)) return;
  // In a room that has more than one shard everyone's typing is noise to everyone, at the square of their number.
  if (room.shard > 0) return;
  await ports.budget.spend(connection.userId, { costMicroDollars: smallRoomFanOut });
  const subscribers = await readSubscribers(ports, roomId, 1);
  if (subscribers.length > smallRoomConnections) return;
  // A socket that has not been welcomed, or that lost the room, is not in the subscribers.
  if (!subscribers.some(({ connectionId }) => connectionId === connection.connectionId)) return;
  const others = subscribers.filter(
    (subscriber) => subscriber.userId !== connection.userId && isAlive(subscriber, now),
  );
  const { userId: user_id, username: user } = connection;
  await fanOut(ports, others, [
    {
      type: 'typing_indicator',
      user,
      user_id,
      room: room.name,
      room_id: roomId,
      is_typing,
      expires_in_ms: limits.typingLifetimeMs,
    },
  ]);
};

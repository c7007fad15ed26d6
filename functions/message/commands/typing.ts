/** `typing`: told to the others at once, kept nowhere. */
import { isAlive, readAudience } from '../../../shared/domain/connections/audience.ts';
import { fanOut } from '../../../shared/realtime/fan-out.ts';
import { roomOf, type CommandHandler } from '../command.ts';

export const typing: CommandHandler<'typing'> = async (ports, connection, { is_typing, room_id }) => {
  const { roomId, room } = roomOf(connection, { room_id });
  // The first shard alone: in a room that needs more of them, everyone's typing would be noise to everyone.
  const audience = await readAudience(ports, roomId, 1);
  const now = ports.clock.now();
  const others = audience.filter(
    (listener) => listener.userId !== connection.userId && isAlive(listener, now),
  );
  const { userId: user_id, username: user } = connection;
  await fanOut(ports, others, [
    { type: 'typing_indicator', user, user_id, room: room.name, room_id: roomId, is_typing },
  ]);
};

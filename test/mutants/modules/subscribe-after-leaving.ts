/** Defect: a socket that leaves a room while the room is being opened on it visits subscribed. */
import * as original from '../../../shared/realtime/admit-socket.ts';

export * from '../../../shared/realtime/admit-socket.ts';

export const registerUntilCurrent: typeof original.registerUntilCurrent = async (
  ports,
  connection,
  roomId,
  register,
) => {
  const admission = await original.registerUntilCurrent(ports, connection, roomId, register);
  const opened = roomId === undefined ? undefined : connection.rooms[roomId];
  if (admission.connection === undefined || roomId === undefined || opened === undefined) return admission;
  const rooms = { ...admission.connection.rooms, [roomId]: opened };
  return { ...admission, connection: { ...admission.connection, rooms } };
};

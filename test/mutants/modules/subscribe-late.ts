/** Defect: a socket is subscribed to a room after its log was read, so that entries in between do not reach it. */
import * as original from '../../../shared/realtime/admit-socket.ts';

export * from '../../../shared/realtime/admit-socket.ts';

const lateMs = 700;

export const registerUntilCurrent: typeof original.registerUntilCurrent = (
  ports,
  connection,
  roomId,
  register,
) =>
  original.registerUntilCurrent(ports, connection, roomId, async (current) => {
    setTimeout(() => void register(current).catch(() => undefined), lateMs);
  });

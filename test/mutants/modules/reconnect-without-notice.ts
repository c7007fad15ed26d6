/** Defect: a socket that is to reconnect is closed without a `close` frame. */
import * as original from '../../../shared/realtime/end-socket.ts';

export * from '../../../shared/realtime/end-socket.ts';

export const endSocket: typeof original.endSocket = async (ports, connectionId, name, reason) => {
  if (name !== 'reconnect') return original.endSocket(ports, connectionId, name, reason);
  await Promise.all([ports.connectionGateway.close(connectionId), ports.connections.remove(connectionId)]);
};

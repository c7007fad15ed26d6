/** Ports of realtime in memory, and sockets that open the fixture's room. */
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { Connection } from '../../../shared/domain/model/connections.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import { roomId, type MemoryChat } from '../../kit/memory-chat/chat.ts';
import { scriptedGateway } from '../../kit/memory-chat/scripted-gateway.ts';
import { connectionOf } from '../../kit/memory-chat/system.ts';

/** The room as a connection has it open. */
export const place = { name: 'general', shard: 0 };

export const realtime = (chat: MemoryChat, script?: Parameters<typeof scriptedGateway>[0]) => ({
  ...chat,
  connectionGateway: scriptedGateway(script),
  settings: { arrivalsPerWindow: 5, reconnectAfterMs: 6_000_000 },
});

export type Ports = ReturnType<typeof realtime>;

/** Returns the types of the frames that were posted to a socket, in their order. */
export const typesTo = (ports: Ports, id: string): string[] =>
  ports.connectionGateway.framesTo(id).map(({ type }) => type);

/** Opens the room on a new socket. */
export async function enter(
  ports: Ports,
  caller: Caller,
  id: string,
  more: Partial<Connection> = {},
  { isNew = false, ref }: { isNew?: boolean; ref?: string } = {},
) {
  const connection = connectionOf(caller, id, { rooms: { [roomId]: place }, ...more });
  await ports.connections.open(connection);
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room: place,
    head: (await ports.rooms.head(roomId))!,
    history: { limit: 50, ref },
    heartbeatSeconds: 25,
    isNew,
  });
  return { connection, outcome };
}

/** Two sockets in a room, and the ports of the message function over them. */
import { runCommand } from '../../../functions/message/run-command.ts';
import type { Command } from '../../../shared/contract/websocket/commands.ts';
import { floodGuard } from '../../../shared/domain/rate-limits/flood-guard.ts';
import type { Connection } from '../../../shared/domain/model/connections.ts';
import { userBudget, type BudgetSettings } from '../../../shared/domain/rate-limits/user-budget.ts';
import { noBudgetLimits, openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { scriptedGateway } from '../../kit/memory-chat/scripted-gateway.ts';
import { ann, bob, connectionOf, subscriberFor, start, uuid } from '../../kit/memory-chat/system.ts';

export const place = { name: 'general', shard: 0 };
export const inRoom = { rooms: { [roomId]: place } };

/** Opens a socket `a` of ann and a socket `b` of bob in a private room, and returns what runs their commands. */
export async function openSockets(budget: Partial<BudgetSettings> = {}) {
  const chat = await openChat({ isPrivate: true }, bob);
  const settings = { ...noBudgetLimits, ...budget };
  const ports = {
    ...chat,
    budget: userBudget(chat, settings),
    connectionGateway: scriptedGateway(),
    floods: floodGuard(20),
    tokens: async () => ({
      verifyAccess: async (token: string) => ({
        ...(token === 'bob' ? bob : ann),
        ...(token === 'second session' ? { sessionId: uuid(9) } : {}),
        tokenEndsAtMs: start + 900_000,
      }),
    }),
    settings: {
      mayCreateRooms: true,
      heartbeatSeconds: 20,
      arrivalsPerWindow: 5,
      reconnectAfterMs: 6_000_000,
    },
  };
  for (const [caller, id] of [
    [ann, 'a'],
    [bob, 'b'],
  ] as const) {
    await ports.connections.open(connectionOf(caller, id, inRoom));
    await ports.subscriptions.add(roomId, subscriberFor(caller, id));
  }
  /** Runs a command on the stored connection `a`, or on another one. */
  const run = async (command: Command, connection: Connection = ports.connections.all.get('a')!) =>
    runCommand(ports, structuredClone(connection), command);
  return { ports, run };
}

export const notFound = { code: 'not_found' };
export const hi: Command = { type: 'message', content: 'hi', client_id: 'c-1' };

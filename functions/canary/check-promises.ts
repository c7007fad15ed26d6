/**
 * Checks the promises as a user sees them: one user sends, the other one receives on an open socket, loses the connection
 * and resumes. It judges by what the API answers alone, and shares no code with it.
 */
import { callApi, type ChatAddresses } from './chat-api.ts';
import { ChatSocket, type ChatEvent } from './chat-socket.ts';
import { deleteCanaryRoom, openCanaryRoom, type CanaryRoom } from './canary-room.ts';
import { canaryUsers, type CanaryUser } from './canary-users.ts';
import { loadPage } from './load-page.ts';

export interface CheckOptions {
  addresses: ChatAddresses;
  /** From which the names and passwords of the canary's users follow. */
  key: string;
  /** Messages to send; at least two, since one half is sent while the receiver is away. */
  messages: number;
  /** How long an event that must arrive may take. */
  timeoutMs: number;
}

export interface Observation {
  sent: number;
  acknowledged: number;
  lost: number;
  missed: number;
  misplaced: number;
  /** From send to receipt, for each message that arrived on the open socket. */
  deliveryMs: number[];
  /** Why the check could not be completed; absent when it was. */
  problem?: string;
}

/** Whether the check was completed and found nothing wrong. */
export function isKept({ sent, acknowledged, lost, missed, misplaced, problem }: Observation): boolean {
  return problem === undefined && acknowledged === sent && lost + missed + misplaced === 0;
}

/** Never rejects: what keeps the check from being completed is the observation's `problem`. */
export async function checkPromises(options: CheckOptions): Promise<Observation> {
  const { addresses, key } = options;
  const seen: Observation = { sent: 0, acknowledged: 0, lost: 0, missed: 0, misplaced: 0, deliveryMs: [] };
  const sockets: ChatSocket[] = [];
  let room: CanaryRoom | undefined;
  let owner: CanaryUser | undefined;
  try {
    // Many users come by the page; a stage without one leads to its documentation.
    await loadPage(addresses, '/');
    const [sender, receiver] = await canaryUsers(addresses, key);
    owner = sender;
    room = await openCanaryRoom(addresses, sender, receiver);
    await converse({ ...options, sender, receiver, room, sockets, seen });
  } catch (error) {
    seen.problem = error instanceof Error ? error.message : String(error);
  }
  try {
    for (const socket of sockets) await socket.close();
    if (owner !== undefined && room !== undefined) await deleteCanaryRoom(addresses, owner, room);
  } catch (error) {
    seen.problem ??= error instanceof Error ? error.message : String(error);
  }
  return seen;
}

interface Conversation extends CheckOptions {
  sender: CanaryUser;
  receiver: CanaryUser;
  room: CanaryRoom;
  sockets: ChatSocket[];
  seen: Observation;
}

async function converse(conversation: Conversation): Promise<void> {
  const { addresses, sender, receiver, room, sockets, seen, messages, timeoutMs } = conversation;
  const open = async (user: CanaryUser, query: Record<string, string> = {}): Promise<ChatSocket> => {
    const socket = await ChatSocket.open(addresses, {
      token: user.access,
      query: { room: room.name, ...query },
    });
    sockets.push(socket);
    await socket.expect('history_end', timeoutMs);
    return socket;
  };
  const [sending, receiving] = [await open(sender), await open(receiver)];
  const acknowledged = new Map<string, number>();

  async function send(content: string): Promise<number> {
    const sentAtMs = Date.now();
    seen.sent += 1;
    sending.send({ type: 'message', content, client_id: content });
    const ack = await sending.find(({ type, client_id: id }) => type === 'ack' && id === content, timeoutMs);
    if (ack !== undefined) {
      seen.acknowledged += 1;
      acknowledged.set(content, Number(ack.event['seq']));
    }
    return sentAtMs;
  }

  const whileThere = Math.ceil(messages / 2);
  for (let index = 0; index < whileThere; index += 1) {
    const content = `message-${index}`;
    const sentAtMs = await send(content);
    const arrived = await receiving.find((event) => event['message'] === content, timeoutMs);
    if (arrived === undefined) seen.missed += 1;
    else seen.deliveryMs.push(arrived.atMs - sentAtMs);
  }
  const live = messagesOf(receiving);
  seen.misplaced += countMisplaced(live, acknowledged);

  await receiving.close();
  for (let index = whileThere; index < messages; index += 1) await send(`message-${index}`);
  const lastSeen = Math.max(0, ...live.map(({ seq }) => Number(seq)));
  const resumed = await open(receiver, { after: String(lastSeen) });
  const expected = [...acknowledged].filter(([, seq]) => seq > lastSeen);
  const brought = messagesOf(resumed);
  seen.misplaced += countMisplaced(brought, acknowledged);
  // An entry may arrive more than once, but it must arrive.
  seen.misplaced += expected.filter(
    ([content]) => !brought.some(({ message }) => message === content),
  ).length;

  const history = await callApi<{ content: string; seq: number }[]>(addresses, {
    method: 'GET',
    path: `/chat/rooms/${room.id}/messages/?limit=100`,
    expected: [200],
    token: receiver.access,
  });
  const stored = new Map(history.map(({ content, seq }) => [content, seq]));
  seen.lost += [...acknowledged].filter(([content, seq]) => stored.get(content) !== seq).length;
}

const messagesOf = (socket: ChatSocket): ChatEvent[] =>
  socket.arrivals.map(({ event }) => event).filter(({ type }) => type === 'chat_message');

/** Counts messages that arrived after one with a higher seq, or with another seq than the acknowledgement had. */
function countMisplaced(events: readonly ChatEvent[], acknowledged: ReadonlyMap<string, number>): number {
  const seqs = events.map(({ seq }) => Number(seq));
  const disordered = seqs.filter((seq, index) => index > 0 && seq < seqs[index - 1]!).length;
  const differing = events.filter(({ message, seq }) => {
    const known = acknowledged.get(String(message));
    return known !== undefined && known !== seq;
  }).length;
  return disordered + differing;
}

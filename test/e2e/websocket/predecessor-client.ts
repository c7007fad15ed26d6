/**
 * A client written for the predecessor's API: it sends `{"message": …}`, understands the events that the predecessor
 * documents, and ignores all other events and fields.
 */
import { ChatSocket, type EventMatcher } from '../../kit/chat-socket.ts';

/** The fields that the predecessor documents for each event. */
const documentedFields: Record<string, readonly string[]> = {
  chat_message: ['message', 'sender_username', 'sender_id', 'timestamp'],
  user_join: ['user_id', 'username'],
  user_leave: ['user_id', 'username'],
  room_users_list: ['users'],
};

export type PredecessorEvent = Record<string, any>;

export class PredecessorClient {
  private readonly socket: ChatSocket;

  private constructor(socket: ChatSocket) {
    this.socket = socket;
  }

  /** Connects as the predecessor documents it: the room in the path, the token in the header. */
  static async connect(room: string, token: string): Promise<PredecessorClient> {
    return PredecessorClient.at(`/ws/chat/${encodeURIComponent(room)}/`, token);
  }

  /** Connects with the token in the query, which the predecessor documents for testing. */
  static async connectWithQuery(room: string, token: string): Promise<PredecessorClient> {
    return PredecessorClient.at(`/ws/chat/${encodeURIComponent(room)}/?token=${token}`);
  }

  /** Waits for the end of the welcome, which such a client ignores; a message sent during it may arrive twice. */
  private static async at(path: string, token?: string): Promise<PredecessorClient> {
    const client = new PredecessorClient(await ChatSocket.open(path, token === undefined ? {} : { token }));
    await client.until('history_end');
    return client;
  }

  send(message: string): void {
    this.socket.send({ message });
  }

  /** Sends a frame that the predecessor would not accept. */
  sendMalformed(frame: string): void {
    this.socket.send(frame);
  }

  async close(): Promise<void> {
    await this.socket.close();
  }

  /** Waits for a message with this content. Rejects after eight seconds. */
  async awaitMessage(message: string): Promise<PredecessorEvent> {
    const event = await this.until((event) => event.type === 'chat_message' && event['message'] === message);
    return event;
  }

  async awaitPresence(type: 'user_join' | 'user_leave', username: string): Promise<PredecessorEvent> {
    return this.until((event) => event.type === type && event['username'] === username);
  }

  /** Waits for an error frame of the predecessor, which has no type, and returns its text. */
  async awaitError(): Promise<string> {
    const event = await this.until((event) => typeof event['error'] === 'string');
    return event['error'] as string;
  }

  /** All events so far, reduced to what the predecessor documents. */
  get events(): PredecessorEvent[] {
    return this.socket.events.flatMap((event) => {
      const fields = documentedFields[event.type];
      if (fields === undefined) return [];
      return [{ type: event.type, ...Object.fromEntries(fields.map((name) => [name, event[name]])) }];
    });
  }

  get messages(): string[] {
    return this.events.flatMap((event) => (event['type'] === 'chat_message' ? [event['message']] : []));
  }

  get users(): string[] {
    const list = this.events.find((event) => event['type'] === 'room_users_list');
    return list?.['users'].map((user: { username: string }) => user.username).sort();
  }

  private until(matcher: EventMatcher): Promise<PredecessorEvent> {
    return this.socket.find(matcher);
  }
}

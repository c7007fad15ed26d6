/**
 * A client that was written for the seed's API: it sends `{"message": …}`, understands the events that the seed
 * documents, and overlooks every other event and field.
 */
import { ChatSocket, type EventMatcher } from '../../kit/chat-socket.ts';

/** The fields that the seed documents for each event. */
const understood: Record<string, readonly string[]> = {
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

  /** As the seed's page shows it: the room in the path, the token in the header. */
  static async connect(room: string, token: string): Promise<PredecessorClient> {
    return PredecessorClient.at(`/ws/chat/${encodeURIComponent(room)}/`, token);
  }

  /** The seed's way for testing: the token in the query. */
  static async connectWithQuery(room: string, token: string): Promise<PredecessorClient> {
    return PredecessorClient.at(`/ws/chat/${encodeURIComponent(room)}/?token=${token}`);
  }

  /** Waits for the end of the welcome, which such a client cannot see: what is said during it may be heard twice. */
  private static async at(path: string, token?: string): Promise<PredecessorClient> {
    const client = new PredecessorClient(await ChatSocket.open(path, token === undefined ? {} : { token }));
    await client.until('history_end');
    return client;
  }

  say(message: string): void {
    this.socket.send({ message });
  }

  /** Sends a text that no client of the seed should. */
  blunder(frame: string): void {
    this.socket.send(frame);
  }

  async leave(): Promise<void> {
    await this.socket.close();
  }

  /** Waits for something that was said, or rejects after eight seconds. */
  async hears(message: string): Promise<PredecessorEvent> {
    const event = await this.until((event) => event.type === 'chat_message' && event['message'] === message);
    return event;
  }

  async sees(type: 'user_join' | 'user_leave', username: string): Promise<PredecessorEvent> {
    return this.until((event) => event.type === type && event['username'] === username);
  }

  /** The text of the seed's error frame, which has no type. */
  async complaint(): Promise<string> {
    const event = await this.until((event) => typeof event['error'] === 'string');
    return event['error'] as string;
  }

  /** Everything so far, as far as the seed knows it. */
  get events(): PredecessorEvent[] {
    return this.socket.events.flatMap((event) => {
      const fields = understood[event.type];
      if (fields === undefined) return [];
      return [{ type: event.type, ...Object.fromEntries(fields.map((name) => [name, event[name]])) }];
    });
  }

  get said(): string[] {
    return this.events.flatMap((event) => (event['type'] === 'chat_message' ? [event['message']] : []));
  }

  get users(): string[] {
    const list = this.events.find((event) => event['type'] === 'room_users_list');
    return list?.['users'].map((user: { username: string }) => user.username).sort();
  }

  private until(wanted: EventMatcher): Promise<PredecessorEvent> {
    return this.socket.find(wanted);
  }
}

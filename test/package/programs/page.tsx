import { createRoot } from 'react-dom/client';
import type {
  Message,
  MyRoom,
  RoomDetails,
  RoomMessage,
  ServerEvent,
  UserSummary,
} from 'serverless-chat-client';
import { ChatProblem, createChatClient, type ErrorCode } from 'serverless-chat-client';
import { ChatProvider, useMessages, useRoom } from 'serverless-chat-client/react';

// The page's own client has to be the type that the provider takes.
const client = createChatClient({ url: 'https://chat.example' });

const line = ({ sender_username, content }: RoomMessage): string => `${sender_username}: ${content}`;

function Conversation({ name }: { name: string }) {
  const { room, problem } = useRoom(name);
  const { messages, send } = useMessages(room);
  if (problem instanceof ChatProblem) return <p>{problem.detail}</p>;
  return <button onClick={() => send('hello')}>{messages.map(line).join('\n')}</button>;
}

/** What an application does with the API's types. */
export async function summarize(): Promise<string[]> {
  const rooms: MyRoom[] = await client.http.listMyRooms({ limit: 5 }).firstPage();
  const created: RoomDetails = await client.http.createRoom({ room_name: 'plans', is_private: true });
  const found: UserSummary[] = await client.http.findUsers({ username: 'a' });
  const lines: string[] = [created.room_name, ...found.map(({ username }) => username)];
  for await (const message of client.http.listMessages({ room_id: created.room_id })) {
    const { content }: Message = message;
    lines.push(content);
  }
  return [...lines, ...rooms.map(({ last_message }) => last_message?.content ?? '')];
}

/** An event and a code are closed unions, which a switch narrows. */
export function describe(event: ServerEvent, code: ErrorCode): string {
  if (code === 'rate_limited') return 'wait';
  return event.type === 'chat_message' ? event.message : event.type;
}

// @ts-expect-error: a misspelled code is not among the codes.
export const misspelled: ErrorCode = 'rate_limit';

// @ts-expect-error: a room needs a name.
export const nameless = (): unknown => client.http.createRoom({});

const element = document.getElementById('root');
if (element !== null)
  createRoot(element).render(
    <ChatProvider client={client}>
      <Conversation name="general" />
    </ChatProvider>,
  );

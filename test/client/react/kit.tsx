/** Renders components over a client of the fake server, and lets the server's time pass. */
import { act, cleanup, render, type RenderResult } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { afterEach } from 'vitest';
import { ChatProvider } from '../../../client/src/react/index.ts';
import { FakeServer, start } from '../fake-server.ts';
import { createFakeSystem, type FakeSocket, type FakeSystem } from '../fake-system.ts';
import { historyEnd, ready, roomId, said, type Frame } from '../server-events.ts';

/** Unmounts what a test has rendered. */
export function useRendering(): void {
  afterEach(() => cleanup());
}

export interface Rendering extends RenderResult {
  server: FakeServer;
  system: FakeSystem;
  /** Lets that much time pass on the server and in the client. */
  pass: (milliseconds: number) => Promise<void>;
  /** Renders other children under the same provider. */
  show: (children: ReactNode) => void;
}

export interface RenderOptions {
  isStrict?: boolean;
  server?: FakeServer;
  /** The user who is signed in and connected; none when it is undefined. */
  username?: string | undefined;
}

/** Renders the children under a provider whose client is signed in and connected. */
export async function renderChat(children: ReactNode, options: RenderOptions = {}): Promise<Rendering> {
  const { isStrict = false, server = new FakeServer() } = options;
  const username = 'username' in options ? options.username : 'ann';
  const system = server.client();
  const pass = (milliseconds: number): Promise<void> => act(() => server.pass(milliseconds));
  if (username !== undefined) await start(system, username);
  await pass(1_000);
  const provide = (content: ReactNode): ReactNode => {
    const provided = <ChatProvider client={system.client}>{content}</ChatProvider>;
    return isStrict ? <StrictMode>{provided}</StrictMode> : provided;
  };
  const result = render(provide(children));
  await pass(0);
  return { ...result, server, system, pass, show: (content) => result.rerender(provide(content)) };
}

interface OpenRoomOptions {
  /** The seq of the newest message. */
  messages?: number;
  /** The seq of the oldest message that the server sends at first. */
  firstSeq?: number;
  /** The message up to which the user has read. */
  lastRead?: string;
  /** How many messages follow that one. */
  unread?: number;
  /** Answers to requests, by method and path. */
  answers?: Record<string, () => Response>;
}

interface OpenRoomRendering {
  system: FakeSystem;
  socket: () => FakeSocket;
  /** Sends events to the client. */
  push: (events: Frame | Frame[]) => void;
  pass: (milliseconds: number) => Promise<void>;
  show: (children: ReactNode) => void;
}

/** Renders children that open the room `general`, whose server is the test. */
export async function renderOpenRoom(
  children: ReactNode,
  { messages = 0, firstSeq = 1, lastRead, unread = 2, answers = {} }: OpenRoomOptions = {},
): Promise<OpenRoomRendering> {
  const system = createFakeSystem();
  for (const [request, answer] of Object.entries(answers)) system.answers.set(request, answer);
  if (lastRead !== undefined) {
    const mine = {
      room_id: roomId,
      last_read_message_id: lastRead,
      unread_count: unread,
      last_message: said(messages),
    };
    system.answers.set('GET /chat/rooms/mine/', () => Response.json([mine]));
  }
  await system.client.signIn('ann', 'secret');
  system.client.connect();
  const provide = (content: ReactNode): ReactNode => (
    <ChatProvider client={system.client}>{content}</ChatProvider>
  );
  const { rerender } = render(provide(children));
  const pass = (milliseconds: number): Promise<void> => act(() => system.clock.advance(milliseconds));
  const push = (events: Frame | Frame[]): void => act(() => system.socket().push(events));
  await pass(0);
  act(() => system.socket().accept());
  const seqs = Array.from({ length: messages }, (_, index) => index + 1).filter((seq) => seq >= firstSeq);
  const end = { first_seq: seqs[0] ?? null, has_more: firstSeq > 1 };
  push([ready(messages), ...seqs.map((seq) => said(seq)), historyEnd(messages, end)]);
  await pass(0);
  return { system, socket: system.socket, push, pass, show: (content) => rerender(provide(content)) };
}

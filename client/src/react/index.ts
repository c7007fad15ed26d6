/** The public interface of `serverless-chat-client/react`. */
'use client';

export { ChatProvider } from './chat-provider.tsx';
export type { ChatProviderProps } from './chat-provider.tsx';
export { useChat } from './use-chat.ts';
export type { Chat, ChatStatus } from './use-chat.ts';
export { useConnectionState } from './use-connection-state.ts';
export type { ConnectionState } from './use-connection-state.ts';
export { useMessages } from './use-messages.ts';
export type { Messages } from './use-messages.ts';
export { usePresence } from './use-presence.ts';
export type { Presence } from './use-presence.ts';
export { useRoom } from './use-room.ts';
export type { OpenRoom } from './use-room.ts';
export { useRooms } from './use-rooms.ts';
export type { Rooms } from './use-rooms.ts';
export { useTyping } from './use-typing.ts';
export type { TypingState } from './use-typing.ts';
export { useUnread } from './use-unread.ts';
export type { Unread } from './use-unread.ts';

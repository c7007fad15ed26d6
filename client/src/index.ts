/** The public interface of the client package. */
export type { ChatClientOptions, ChatSnapshot, ChatState } from './chat-client-types.ts';
export { ChatClient, createChatClient } from './chat-client.ts';
export type * from './contract/entities.ts';
export type { ErrorCode, FieldError, FrameCodeName } from './contract/errors.ts';
export type * from './contract/events.ts';
export type * from './contract/http-operations.ts';
export { PagedList } from './http/paged-list.ts';
export { ChatProblem } from './problem.ts';
export type { ProblemCode, ProblemFields } from './problem.ts';
export { memoryOutboxStore, storageOutboxStore } from './room/outbox-store.ts';
export type { OutboxEntry, OutboxStore } from './room/outbox-store.ts';
export type { Reading, RoomMessage, RoomSnapshot, RoomStatus, RoomUser } from './room/room-snapshot.ts';
export type { Room } from './room/room.ts';
export type { TypingUser } from './room/typing.ts';
export type { SessionUser } from './session/claims.ts';
export { memoryTokenStore, storageTokenStore } from './session/token-store.ts';
export type { StorageLike, StoredTokens, TokenStore } from './session/token-store.ts';
export type { Clock, Random, WebSocketConstructor, WebSocketLike } from './system.ts';

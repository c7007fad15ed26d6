/** What the fakes of rooms, members and logs share: one memory, as the real stores share one table. */
import { foldRoomName } from '../../../shared/contract/names.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Head, LogEntry, Member, Room } from '../../../shared/domain/model.ts';

export interface ChatState {
  rooms: Map<string, Room & { deletedAt?: number }>;
  names: Map<string, string>;
  /** Names that rooms gave up, and whether they rest or lead to the room. */
  formerNames: Map<string, { roomId: string; rests: boolean }>;
  heads: Map<string, Head>;
  members: Map<string, Map<string, Member & { removingAt?: number }>>;
  logs: Map<string, Map<number, LogEntry>>;
  sendKeys: Map<string, { seq: number; contentHash: string }>;
  /** By `room user`: the seqs of the user's messages. */
  ownSeqs: Map<string, Set<number>>;
  purgeSteps: { roomId: string; step: number }[];
  /** `room user` of those who left, and up to which seq their name was replaced. */
  left: Map<string, number>;
}

export function chatState(): ChatState {
  return {
    rooms: new Map(),
    names: new Map(),
    formerNames: new Map(),
    heads: new Map(),
    members: new Map(),
    logs: new Map(),
    sendKeys: new Map(),
    ownSeqs: new Map(),
    purgeSteps: [],
    left: new Map(),
  };
}

export function logOf(state: ChatState, roomId: string): Map<number, LogEntry> {
  const log = state.logs.get(roomId) ?? new Map<number, LogEntry>();
  state.logs.set(roomId, log);
  return log;
}

export function membersOf(state: ChatState, roomId: string): Map<string, Member & { removingAt?: number }> {
  const members = state.members.get(roomId) ?? new Map<string, Member & { removingAt?: number }>();
  state.members.set(roomId, members);
  return members;
}

/** Stores the entry if its seq is free, and says whether it was. */
export function putIfFree(state: ChatState, entry: LogEntry): boolean {
  const log = logOf(state, entry.roomId);
  if (log.has(entry.seq)) return false;
  log.set(entry.seq, structuredClone(entry));
  return true;
}

/** The room as long as it is not deleted. Throws `not_found`. */
export function openRoomOf(state: ChatState, roomId: string): Room {
  const room = state.rooms.get(roomId);
  if (room === undefined || room.deletedAt !== undefined) throw new ChatError('not_found');
  return room;
}

export const nameKey = (name: string): string => foldRoomName(name);

/** Whether that room may have the name. */
export function isNameFree(state: ChatState, name: string, roomId: string): boolean {
  const former = state.formerNames.get(nameKey(name));
  const owner = state.names.get(nameKey(name)) ?? (former?.rests === true ? former.roomId : undefined);
  return owner === undefined || owner === roomId;
}

export function takeName(state: ChatState, name: string, roomId: string): void {
  state.formerNames.delete(nameKey(name));
  state.names.set(nameKey(name), roomId);
}

/** A private room's name rests; a public one's leads to the room when it was renamed. */
export function giveUpName(state: ChatState, { name, roomId, isPrivate }: Room, isRenamed: boolean): void {
  state.names.delete(nameKey(name));
  if (isPrivate || isRenamed) state.formerNames.set(nameKey(name), { roomId, rests: isPrivate });
}

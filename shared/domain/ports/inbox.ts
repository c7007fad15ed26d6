/** Watched inboxes, as the domain needs them from storage. All reads are consistent. */
import type { ActivityPace, InboxWatch } from '../model/inbox.ts';

export interface InboxStore {
  /** Returns until when a user's inbox watches rooms, by room. One request for each 100 rooms. */
  watchesOf(userId: string, roomIds: string[]): Promise<Map<string, number>>;
  watch(roomId: string, watch: InboxWatch): Promise<void>;
  /** Ends a watch, unless it was renewed since it was read. */
  unwatch(roomId: string, watch: InboxWatch): Promise<void>;
  /** Returns every watch of a room, those that have expired included. */
  watchers(roomId: string): Promise<InboxWatch[]>;
  /** Tells the writers of a room that it is watched. Has no effect when the room is gone. */
  setWatched(roomId: string, untilMs: number): Promise<void>;
  /** Undoes `setWatched`, unless it was repeated with another time since the head was read. */
  clearWatched(roomId: string, untilMs: number): Promise<void>;
  pace(roomId: string): Promise<ActivityPace>;
  setDue(roomId: string, dueAtMs: number): Promise<void>;
  recordSent(roomId: string, sent: Pick<ActivityPace, 'sentAtMs' | 'sentSeq'>): Promise<void>;
}

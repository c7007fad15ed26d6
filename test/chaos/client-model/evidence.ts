/** What a run leaves behind for the checker: what was written, what every view showed, and what lies in the table. */

/** The room that a handle or text is meant for, as it was known when it was asked for. */
export type Target =
  | { by: 'id'; roomId: string }
  /** Whichever room bears the name from then on. */
  | { by: 'name'; name: string; since: number };

export interface WrittenText {
  /** Unlike any other of the run. */
  text: string;
  /** Rising in the order of writing. */
  number: number;
  /** The user that the tab showed at that moment. */
  author: string;
  tab: number;
  device: number;
  handle: number;
  target: Target;
  /** False when `send` threw. */
  isAccepted: boolean;
  /** Taken back by its writer, or by signing out: it may be stored or not. */
  isCancelled: boolean;
  /** The reason with which it was shown or kept as failed when it was seen last. */
  failedWith: string | undefined;
  /** In the outbox when the run had come to rest. */
  isWaiting: boolean;
}

export interface LoggedMessage {
  seq: number;
  text: string;
  author: string;
}

export interface NameSpan {
  /** In one case and normal form. */
  name: string;
  from: number;
  /** Infinity while it leads to the room, also after a rename. */
  until: number;
}

export interface RoomEvidence {
  roomId: string;
  label: string;
  names: readonly NameSpan[];
  /** Its log is gone then, and `log` holds what was there before. */
  isDeleted: boolean;
  /** Made by a socket that asked for it by name, or on request. */
  isMadeBySocket: boolean;
  /** Users who were no members of a private room at some time of the run. */
  closedTo: readonly string[];
  createdAt: number;
  creator: string;
  log: readonly LoggedMessage[];
}

/** A message as a view showed it at some time. */
export interface ShownMessage {
  text: string;
  author: string;
  /** Undefined while the view does not know its room. */
  roomId: string | undefined;
}

export interface ViewEvidence {
  handle: number;
  tab: number;
  /** Who was signed in when it was opened; undefined when that was not known before its end. */
  user: string | undefined;
  opened: Target;
  openedAt: number;
  /** When it showed its room's id first. */
  identifiedAt: number | undefined;
  /** Every room id that it ever showed. */
  roomIds: readonly string[];
  shown: readonly ShownMessage[];
  /** Texts that it showed twice at once. */
  doubled: readonly string[];
  /** Open when the run had come to rest: neither closed nor gone with its tab. */
  atRest: RestingView | undefined;
}

export interface RestingView {
  status: string;
  /** A code, when there is one. */
  reason: string | undefined;
  roomId: string | undefined;
  /** Messages that the server has, in the order in which they are shown. */
  messages: readonly { text: string; seq: number }[];
  pending: readonly string[];
}

export interface TabEvidence {
  tab: number;
  state: string;
  reason: string | undefined;
  /** Somebody signed out on the device at some time. */
  wasSignedOut: boolean;
  /** Of each room that the client has, its view or not. */
  rooms: readonly { name: string; status: string }[];
}

/** Who was shown in a room by a socket that had just opened it, and who should have been. */
export interface PresenceEvidence {
  roomId: string;
  label: string;
  when: 'while rooms are open' | 'after all rooms were closed';
  expected: readonly string[];
  shown: readonly string[];
}

export interface Evidence {
  texts: readonly WrittenText[];
  rooms: readonly RoomEvidence[];
  /** As they were when the run had come to rest, before writers returned for what still waited. */
  roomsAtRest: readonly RoomEvidence[];
  views: readonly ViewEvidence[];
  tabs: readonly TabEvidence[];
  presence: readonly PresenceEvidence[];
}

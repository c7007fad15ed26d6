/** The results of a run that the checker judges: what was written, what every view showed, and what is in the table. */

/** The room that a view was opened for or a text was written for, as far as it was known at that time. */
export type Target =
  | { by: 'id'; roomId: string }
  /** Any room that has the name at `since` or later. */
  | { by: 'name'; name: string; since: number };

/** A message that a user tried to send, with a text that is unique in the run. */
export interface WrittenText {
  text: string;
  /** Rises in the order of writing. */
  number: number;
  /** The user that the tab showed at the time of writing. */
  author: string;
  tab: number;
  device: number;
  handle: number;
  target: Target;
  /** False when `send` threw. */
  isAccepted: boolean;
  /** Discarded by its author or by signing out: it may be stored or not. */
  isCanceled: boolean;
  /** The code of the problem with which it was last shown or kept as failed. */
  failedWith: string | undefined;
  /** Still in the outbox at the end of the run. */
  isWaiting: boolean;
}

export interface LoggedMessage {
  seq: number;
  text: string;
  author: string;
}

export interface NameSpan {
  /** Folded. */
  name: string;
  from: number;
  /** Infinity while the name leads to the room, also after a rename. */
  until: number;
}

export interface RoomEvidence {
  roomId: string;
  label: string;
  names: readonly NameSpan[];
  /** If so, `log` holds what the room's log held before the deletion. */
  isDeleted: boolean;
  /** Created by opening a socket or joining by name, not by a request of the fixture. */
  isMadeBySocket: boolean;
  /** Users who were not members of a private room at some time of the run. */
  closedTo: readonly string[];
  createdAtMs: number;
  creator: string;
  log: readonly LoggedMessage[];
}

/** A message that a view showed at some time. */
export interface ShownMessage {
  text: string;
  author: string;
  /** Undefined while the view does not know its room. */
  roomId: string | undefined;
}

export interface ViewEvidence {
  handle: number;
  tab: number;
  /** The user who was signed in when it was opened; undefined if that was never known. */
  user: string | undefined;
  opened: Target;
  openedAtMs: number;
  /** When it first showed its room's id. */
  identifiedAtMs: number | undefined;
  /** Every room id that the view showed. */
  roomIds: readonly string[];
  shown: readonly ShownMessage[];
  /** Texts that the view showed twice at the same time. */
  doubled: readonly string[];
  /** What it showed after everything had settled; undefined if it or its tab was closed by then. */
  atRest: RestingView | undefined;
}

export interface RestingView {
  status: string;
  /** The code of the view's problem. */
  reason: string | undefined;
  roomId: string | undefined;
  /** The stored messages in the order in which they are shown. */
  messages: readonly { text: string; seq: number }[];
  /** The texts that are shown as being sent. */
  pending: readonly string[];
}

export interface TabEvidence {
  tab: number;
  state: string;
  reason: string | undefined;
  /** Whether a step signed a user out on the tab's device. */
  wasSignedOut: boolean;
  /** The rooms of the client, with or without a view. */
  rooms: readonly { name: string; status: string }[];
}

/** The users that a new socket was shown in a room, and those that it should have been shown. */
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
  /** The rooms after everything had settled, before authors came back for unsent texts. */
  roomsAtRest: readonly RoomEvidence[];
  views: readonly ViewEvidence[];
  tabs: readonly TabEvidence[];
  presence: readonly PresenceEvidence[];
}

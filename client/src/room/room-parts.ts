/** Creates the parts of a room and connects them with each other and with the connection. */
import type { EventOf } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Outbox } from './outbox.ts';
import { ReadMarkers, type ReadMarkersPorts } from './read-markers.ts';
import { RoomLink } from './room-link.ts';
import type { RoomState } from './room-state.ts';
import { RoomSync } from './room-sync.ts';
import { Sending, type Destination } from './sending.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { Typing } from './typing.ts';

export interface RoomParts {
  link: RoomLink;
  sync: RoomSync;
  sending: Sending;
  typing: Typing;
  readMarkers: ReadMarkers;
}

/** What the parts of a room need of the client and of its other rooms. */
export interface RoomPartsPorts extends Channel, Pick<ReadMarkersPorts, 'markRead' | 'loadReadMarker'> {
  outbox: Outbox;
  uploads: Uploads;
  user: () => SessionUser | undefined;
  isTurnOf(entry: OutboxEntry): boolean;
  mayJoin(): boolean;
  mayLeave(): boolean;
  /** A join or leave was answered, so other rooms that waited for it may proceed. */
  linkAnswered(): void;
}

/** How the room reacts to changes in its parts. */
export interface RoomPartsHandlers {
  shouldBeOpen(): boolean;
  ready(event: EventOf<'ready'>): void;
  caughtUp(): void;
  interrupted(): void;
  refused(problem: ChatProblem): void;
  left(): void;
}

export interface RoomPartsOptions {
  /** The name or id that the room is joined by until its id is known. */
  key: string;
  state: RoomState;
  ports: RoomPartsPorts;
  handlers: RoomPartsHandlers;
}

export function createRoomParts({ key, state, ports, handlers }: RoomPartsOptions): RoomParts {
  const { clock, random, user } = ports;
  const changed = (): void => state.changed();
  const channel: Channel = {
    clock,
    random,
    probe: () => ports.probe(),
    abandon: () => ports.abandon(),
    send: (command, onAnswer) => ports.send(command, onAnswer),
  };
  // Adds the room's id to its commands, and sends none before the room is open.
  const roomChannel: Channel = {
    ...channel,
    send: (command, onAnswer) =>
      state.roomId !== undefined &&
      link.isJoined &&
      ports.send({ ...command, room_id: state.roomId }, onAnswer),
  };
  const typing = new Typing(roomChannel, changed);
  const readMarkers = new ReadMarkers({
    clock,
    user,
    log: () => state.log,
    markRead: (roomId, messageId) => ports.markRead(roomId, messageId),
    loadReadMarker: (roomId) => ports.loadReadMarker(roomId),
    changed,
  });
  const sync: RoomSync = new RoomSync({
    ...roomChannel,
    log: () => state.log,
    setLog: (log) => (state.log = log),
    rejoin: () => link.rejoin(),
    caughtUp: () => handlers.caughtUp(),
  });
  const sending = new Sending({
    ...channel,
    outbox: ports.outbox,
    upload: (entry, refusal) => ports.uploads.use((part) => part.prepare(entry, refusal)),
    destination,
    isTurnOf: (entry) => ports.isTurnOf(entry),
    changed,
    reopen: () => sync.reopen(),
  });
  const link: RoomLink = new RoomLink({
    ...channel,
    address: () => {
      if (state.roomId !== undefined) return { room_id: state.roomId };
      return state.mayCreate ? { room: key } : { room: key, create: false };
    },
    roomId: () => state.roomId,
    shouldBeOpen: () => handlers.shouldBeOpen(),
    mayJoin: () => ports.mayJoin(),
    mayLeave: () => ports.mayLeave(),
    answered: () => ports.linkAnswered(),
    welcomeRequest: () => sync.welcomeRequest(),
    joinSent: (request) => sync.joinSent(request),
    ready: (event) => handlers.ready(event),
    historyEnded: (event) => {
      sync.historyEnded(event);
      changed();
    },
    interrupted: () => handlers.interrupted(),
    refused: (problem) => handlers.refused(problem),
    left: () => handlers.left(),
  });
  return { link, sync, sending, typing, readMarkers };

  function destination(): Destination | undefined {
    const { status, roomId } = state;
    const author = user();
    if (status !== 'live' || !link.isJoined || roomId === undefined || author === undefined) return undefined;
    return { room_id: roomId, user_id: author.id };
  }
}

/**
 * The rooms on the shared socket. The first tab joins a room at the server. A further tab is welcomed here, and requests its
 * history. The server's answer to a leave is given here, and the room is left once no tab has it open.
 */
import type { JoinCommand, LeaveCommand } from '../contract/commands.ts';
import type { EventOf } from '../contract/events.ts';
import { leaderTab, parseSharedRef, sharedRef, withoutRef } from './refs.ts';
import type { SharedChannel, TabCommand } from './shared-channel.ts';
import { SharedLeaves } from './shared-leaves.ts';
import { SharedRoom } from './shared-room.ts';

export interface SharedRoomsPorts extends SharedChannel {
  /** The number of rooms that a socket can have open. */
  roomsPerConnection: number;
  /** A room is open on the socket, or was left. */
  opened: (room: SharedRoom) => void;
  left: (room: SharedRoom) => void;
  /** Asks the server which rooms are open. */
  ping: () => void;
  /** The socket has no place for the room of a follower. */
  full: (tab: number) => void;
}

interface Join {
  tab: number;
  command: TabCommand<JoinCommand>;
}

/** A join that was sent to the server. */
interface SentJoin extends Join {
  isAnswered: boolean;
}

export class SharedRooms {
  readonly #ports: SharedRoomsPorts;
  readonly #rooms = new Map<string, SharedRoom>();
  readonly #leaves: SharedLeaves;
  /** Joins that wait for the answer to another join or leave, in the order in which they came. */
  #waiting: Join[] = [];
  /** By the `ref` at the server, like the next one. */
  readonly #sent = new Map<string, SentJoin>();
  /** Requests for history that stand for a join. */
  readonly #histories = new Map<string, Join & { room: SharedRoom }>();

  constructor(ports: SharedRoomsPorts) {
    this.#ports = ports;
    this.#leaves = new SharedLeaves({
      ...ports,
      left: (roomId) => {
        const room = this.#rooms.get(roomId);
        this.#rooms.delete(roomId);
        if (room !== undefined) ports.left(room);
        this.#proceed();
      },
    });
  }

  get(roomId: string): SharedRoom | undefined {
    return this.#rooms.get(roomId);
  }

  join(tab: number, command: TabCommand<JoinCommand>): void {
    this.#waiting.push({ tab, command });
    this.#proceed();
  }

  leave(tab: number, { room_id: roomId = '', ref }: TabCommand<LeaveCommand>): void {
    this.#rooms.get(roomId)?.tabs.delete(tab);
    forget(this.#histories, (join) => join.tab === tab && join.room.id === roomId);
    this.#ports.toTabs([tab], [{ type: 'left', room_id: roomId, ref }]);
    this.#proceed();
  }

  tabClosed(tab: number): void {
    this.#waiting = this.#waiting.filter((join) => join.tab !== tab);
    forget(this.#sent, (join) => join.tab === tab);
    forget(this.#histories, (join) => join.tab === tab);
    for (const { tabs } of this.#rooms.values()) tabs.delete(tab);
    this.#proceed();
  }

  /** The socket has ended. */
  end(): void {
    this.#leaves.end();
  }

  /** `ready` with a room. */
  ready(event: EventOf<'ready'> & { room_id: string }): void {
    const room = this.#rooms.get(event.room_id) ?? new SharedRoom(event.room_id, withoutRef(event));
    this.#rooms.set(room.id, room);
    room.opened(withoutRef(event));
    const join = this.#sent.get(event.ref ?? '');
    if (join !== undefined) {
      join.isAnswered = true;
      room.tabs.add(join.tab);
    }
    this.#ports.opened(room);
    // Passed on before anything else is sent for the tab.
    const to = parseSharedRef(event.ref);
    if (to === undefined) this.#ports.toTabs(room.tabs, [event]);
    else if (join !== undefined) this.#ports.toTabs([join.tab], [{ ...event, ref: to.ref }]);
    this.#proceed();
  }

  /** Takes from a `pong` which rooms the server has open. */
  receiveHeads(heads: EventOf<'pong'>['heads']): void {
    for (const room of this.#rooms.values()) room.receiveHead(heads[room.id]);
  }

  get all(): Iterable<SharedRoom> {
    return this.#rooms.values();
  }

  historyEnded(ref: string): void {
    this.#sent.delete(ref);
    this.#histories.delete(ref);
  }

  left(ref: string): void {
    this.#leaves.answered(ref);
  }

  /** A command was refused. Returns false if the error is to be passed on to the tab that sent it. */
  refused(event: EventOf<'error'>, ref: string): boolean {
    if (this.#leaves.refused(event, ref)) return true;
    const history = this.#histories.get(ref);
    if (history !== undefined) {
      this.#histories.delete(ref);
      history.room.tabs.delete(history.tab);
      const isTransient = event.retryable || event.name === 'unauthorized';
      // Only a join shows why.
      if (!isTransient) {
        history.room.isOpen = false;
        this.#waiting.push(history);
      }
      this.#proceed();
      return !isTransient;
    }
    const join = this.#sent.get(ref);
    if (join === undefined) return false;
    this.#sent.delete(ref);
    this.#joinRefused(join);
    return false;
  }

  /** The server may have closed the room for the other tabs, too: they learn that from the `pong`. */
  #joinRefused({ tab, command, isAnswered }: SentJoin): void {
    const affected = [...this.#rooms.values()].filter((room) =>
      command.room_id === undefined ? isAnswered && room.tabs.has(tab) : room.id === command.room_id,
    );
    for (const room of affected) {
      room.tabs.delete(tab);
      room.isOpen = false;
    }
    if (affected.some(({ tabs }) => tabs.size > 0)) this.#ports.ping();
    this.#proceed();
  }

  /** Does what waited for an answer, as far as the order allows that the gateway does not keep. */
  #proceed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const join of waiting) if (!this.#welcome(join) && !this.#send(join)) this.#waiting.push(join);
    // A join by name may lead to any room.
    if (this.#hasUnanswered((id) => id === undefined)) return;
    for (const room of this.#rooms.values()) {
      const isNeeded = room.tabs.size > 0 || this.#hasUnanswered((id) => id === room.id);
      if (!isNeeded) this.#leaves.leave(room.id);
    }
  }

  #hasUnanswered(matches: (roomId: string | undefined) => boolean): boolean {
    const unanswered = [...this.#sent.values()].filter(({ isAnswered }) => !isAnswered);
    return [...this.#waiting, ...unanswered].some(({ command }) => matches(command.room_id));
  }

  /** Welcomes a further tab to a room that is open. Returns false if only the server can. */
  #welcome({ tab, command }: Join): boolean {
    const room = this.#rooms.get(command.room_id ?? '');
    if (room?.isOpen !== true || room.tabs.has(tab) || this.#leaves.isLeaving(room.id)) return false;
    room.tabs.add(tab);
    const ref = sharedRef({ tab, ref: command.ref });
    this.#histories.set(ref, { tab, command, room });
    this.#ports.toTabs([tab], room.welcome(command.ref));
    const { after, history: limit } = command;
    this.#ports.toServer({
      type: 'history',
      room_id: room.id,
      ref,
      ...(limit === undefined ? {} : { limit }),
      ...(after === undefined ? {} : { after }),
    });
    return true;
  }

  /** Sends a join to the server. Returns false while it has to wait for the answer to another command. */
  #send({ tab, command }: Join): boolean {
    const { room_id: roomId } = command;
    const isLeaving = roomId === undefined ? this.#leaves.isLeaving() : this.#leaves.isLeaving(roomId);
    const unanswered = [...this.#sent.values()].filter(({ isAnswered }) => !isAnswered);
    const isBeingJoined = roomId !== undefined && unanswered.some((join) => join.command.room_id === roomId);
    if (isLeaving || isBeingJoined) return false;
    if (
      !this.#rooms.has(roomId ?? '') &&
      this.#rooms.size + unanswered.length >= this.#ports.roomsPerConnection
    ) {
      const crowded = tab === leaderTab ? this.#largestFollower() : tab;
      if (crowded !== undefined) {
        this.#ports.full(crowded);
        return false;
      }
    }
    const ref = sharedRef({ tab, ref: command.ref });
    this.#sent.set(ref, { tab, command, isAnswered: false });
    this.#ports.toServer({ ...command, ref });
    return true;
  }

  /** Returns the follower with the most rooms. */
  #largestFollower(): number | undefined {
    const counts = new Map<number, number>();
    for (const { tabs } of this.#rooms.values())
      for (const tab of tabs) if (tab !== leaderTab) counts.set(tab, (counts.get(tab) ?? 0) + 1);
    return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
  }
}

function forget<T>(joins: Map<string, T>, matches: (join: T) => boolean): void {
  for (const [ref, join] of joins) if (matches(join)) joins.delete(ref);
}

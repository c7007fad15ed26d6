/**
 * Shares one socket among the tabs of a user: passes the commands of all tabs on to the server, and each event to the tabs
 * that would have received it on sockets of their own.
 */
import type { Command } from '../contract/commands.ts';
import type { EventOf, ServerEvent } from '../contract/events.ts';
import { noTab, parseSharedRef, sharedRef, withoutRef } from './refs.ts';
import type { SharedChannel, TabCommand } from './shared-channel.ts';
import { SharedLists } from './shared-lists.ts';
import { SharedRooms } from './shared-rooms.ts';
import { SharedSends } from './shared-sends.ts';
import { SharedUpkeep } from './shared-upkeep.ts';
import type { RoomActivity } from './tab-messages.ts';

export interface MultiplexerPorts extends SharedChannel {
  userId: string;
  /** The number of rooms that a socket can have open. */
  roomsPerConnection: number;
  /** The socket has no place for all rooms of a follower, which needs a socket of its own. */
  full: (tab: number) => void;
}

export class Multiplexer {
  readonly #ports: MultiplexerPorts;
  readonly #rooms: SharedRooms;
  readonly #sends: SharedSends;
  readonly #lists: SharedLists;
  readonly #upkeep: SharedUpkeep;
  readonly #tabs = new Set<number>();
  /** The first event of the socket, which is without a room. */
  #welcome: EventOf<'ready'> | undefined;

  constructor(ports: MultiplexerPorts) {
    this.#ports = ports;
    this.#sends = new SharedSends(ports);
    this.#lists = new SharedLists(ports);
    this.#upkeep = new SharedUpkeep(ports);
    this.#rooms = new SharedRooms({
      ...ports,
      ping: () => this.#upkeep.ping(),
      opened: (room) => this.#lists.changed(room),
      left: (room) => this.#lists.left(room),
    });
  }

  tabOpened(tab: number): void {
    this.#tabs.add(tab);
    if (this.#welcome !== undefined) this.#ports.toTabs([tab], [this.#welcome]);
  }

  tabClosed(tab: number): void {
    this.#tabs.delete(tab);
    this.#sends.tabClosed(tab);
    this.#lists.tabClosed(tab);
    this.#rooms.tabClosed(tab);
  }

  /** A tab has sent a command. */
  command(tab: number, command: TabCommand): void {
    switch (command.type) {
      case 'join':
        this.#rooms.join(tab, command);
        return;
      case 'leave':
        this.#rooms.leave(tab, command);
        return;
      case 'message':
        this.#sends.send(tab, command);
        return;
      case 'inbox':
        this.#lists.listen(tab, command);
        return;
      case 'ping':
        this.#upkeep.ping();
        return;
      case 'auth':
        this.#upkeep.authenticate(tab, command);
        return;
      case 'typing':
      case 'read':
      case 'edit':
      case 'delete':
      case 'history':
        this.#ports.toServer(withRef(command, sharedRef({ tab, ref: command.ref })));
    }
  }

  /** A tab tells of a room that it has open, for the lists of the others. */
  activity(event: RoomActivity): void {
    this.#lists.told(event, this.#rooms.get(event.room_id));
  }

  /** The server has sent an event. */
  receive(event: ServerEvent): void {
    const ref = 'ref' in event ? event.ref : undefined;
    if (event.type === 'ready' && event.room_id !== null)
      this.#rooms.ready({ ...event, room_id: event.room_id });
    else if (ref !== undefined && ref.includes('.')) this.#answered(event, ref);
    else this.#broadcast(event);
  }

  /** The socket has ended. */
  end(): void {
    this.#rooms.end();
    this.#lists.end();
    this.#upkeep.pingAnswered();
  }

  /** Passes the answer to a command on to the tab that sent it. */
  #answered(event: ServerEvent, ref: string): void {
    const to = parseSharedRef(ref);
    if (event.type === 'ready' && event.inbox === true) this.#lists.granted(withoutRef(event));
    if (event.type === 'history_end') this.#rooms.historyEnded(ref);
    if (event.type === 'left') this.#rooms.left(ref);
    if (event.type === 'error') {
      this.#upkeep.refused(ref);
      const isHandled =
        this.#rooms.refused(event, ref) || (to !== undefined && this.#sends.refused(event, to));
      if (isHandled) return;
    }
    if (to !== undefined && to.tab !== noTab) this.#ports.toTabs([to.tab], [withRef(event, to.ref)]);
  }

  /** Passes on what answers no command: to the tabs that have the room open, or to all tabs. */
  #broadcast(event: ServerEvent): void {
    const { toTabs } = this.#ports;
    if (event.type === 'ready') this.#welcome = event;
    if (event.type === 'ack') {
      this.#sends.acknowledged(event);
      return;
    }
    if (event.type === 'pong') this.#receivePong(event);
    const room = 'room_id' in event && event.room_id !== null ? this.#rooms.get(event.room_id) : undefined;
    if (room === undefined) {
      toTabs(this.#tabs, [event]);
      return;
    }
    room.receive(event);
    if (this.#closesRoom(event)) room.isOpen = false;
    toTabs(concernsLists(event) ? this.#tabs : room.tabs, [event]);
    this.#lists.changed(room);
  }

  #receivePong({ heads }: EventOf<'pong'>): void {
    this.#upkeep.pingAnswered();
    this.#rooms.receiveHeads(heads);
    for (const room of this.#rooms.all) this.#lists.changed(room);
  }

  /** Whether the server has closed the room, if the event is not one of the history. */
  #closesRoom(event: ServerEvent): boolean {
    const isRemoved = event.type === 'member_removed' && event.member.id === this.#ports.userId;
    return isRemoved || event.type === 'room_deleted';
  }
}

/** Whether the event changes lists of rooms in tabs that do not have the room open. */
function concernsLists({ type }: ServerEvent): boolean {
  return [
    'room_activity',
    'message_unread',
    'room_updated',
    'room_deleted',
    'member_added',
    'member_removed',
  ].includes(type);
}

const withRef = <T extends Command | ServerEvent>(frame: T, ref: string): T => ({ ...frame, ref });

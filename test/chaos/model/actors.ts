/** The users of the model: each has one device at a time, whose client keeps what it has received. */
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import { uuid } from '../../kit/memory-chat/system.ts';
import { pureClient, type PureClient } from './pure-client.ts';
import type { Event, RealChat, Socket } from './real-chat.ts';

export interface Device extends Socket {
  acks: Event[];
  errors: Event[];
  isWelcome: boolean;
  /** Whether the socket was opened with a room. */
  isSingleRoom: boolean;
}

export interface Actor {
  caller: Caller;
  client: PureClient;
  device: Device | undefined;
  /** Rooms whose events must all have reached the client. */
  current: Set<string>;
  /** Opens another device. The one before is dropped without a close. */
  newDevice(isSingleRoom: boolean): Device;
}

export interface ActorOptions {
  chat: RealChat;
  /** Called for every event that reaches a device, before the client processes it. */
  onEvent: (actor: Actor, event: Event) => void;
}

export function createActor(number: number, { chat, onEvent }: ActorOptions): Actor {
  let devices = 0;
  const userId = uuid(number + 1);
  const actor: Actor = {
    caller: {
      userId,
      username: `person-${number}`,
      sessionId: uuid(number + 501),
      tokenVersion: 0,
      tokenEndsAtMs: chat.now() + 30 * 24 * 3_600_000,
    },
    client: pureClient(),
    device: undefined,
    current: new Set(),
    newDevice(isSingleRoom) {
      if (actor.device) actor.device.isOpen = false;
      devices += 1;
      const device: Device = {
        connectionId: `person${number}-device${devices}`,
        isOpen: false,
        failsNext: 0,
        failed: 0,
        acks: [],
        errors: [],
        isWelcome: false,
        isSingleRoom,
        end() {
          device.isOpen = false;
          actor.current.clear();
          void chat.disconnect(device.connectionId);
        },
        receive(event) {
          onEvent(actor, event);
          if (event.type === 'ack') device.acks.push(event);
          if (event.type === 'error') device.errors.push(event);
          if (event.type === 'ready') device.isWelcome = true;
          // The client requests a gap at once, on the device that showed it.
          const command = device === actor.device ? actor.client.take(event) : undefined;
          if (command !== undefined) void chat.frame(device.connectionId, command);
        },
      };
      actor.device = device;
      return device;
    },
  };
  return actor;
}

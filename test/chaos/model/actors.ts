/** Three people with a device each: its socket comes and goes, what it heard stays. It judges one thing: what it may hear. */
import type { Caller } from '../../../shared/domain/model.ts';
import { uuid } from '../../shared/fakes/system.ts';
import { pureClient, type PureClient } from './pure-client.ts';
import type { Event, RealChat, Socket } from './real-chat.ts';

export interface Device extends Socket {
  acks: Event[];
  errors: Event[];
  isWelcome: boolean;
  /** Opened with a room. */
  isSingleRoom: boolean;
}

export interface Actor {
  caller: Caller;
  client: PureClient;
  device: Device | undefined;
  /** Rooms of which it ought to have heard everything. */
  current: Set<string>;
  /** Opens a device of its own; the one before is let go without a word. */
  newDevice(isSingleRoom: boolean): Device;
}

export interface Hearing {
  chat: RealChat;
  /** Told of whatever reaches a device, before it is taken in. */
  heard: (actor: Actor, event: Event) => void;
}

export function createActor(number: number, { chat, heard }: Hearing): Actor {
  let devices = 0;
  const userId = uuid(number + 1);
  const actor: Actor = {
    caller: {
      userId,
      username: `person-${number}`,
      sessionId: uuid(number + 501),
      tokenVersion: 0,
      tokenEndsAt: chat.now() + 30 * 24 * 3_600_000,
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
          heard(actor, event);
          if (event.type === 'ack') device.acks.push(event);
          if (event.type === 'error') device.errors.push(event);
          if (event.type === 'ready') device.isWelcome = true;
          // An orderly client answers a gap at once, on the device that showed it.
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

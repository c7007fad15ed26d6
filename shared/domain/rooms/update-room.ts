/** Changes a room's name or description, with an entry of its log. */
import type { Room as RoomView } from '../../contract/entities.ts';
import { explainInvalidRoomName } from '../../contract/room-names/choosing.ts';
import { ChatError, invalidField } from '../chat-error.ts';
import { readSubscribers } from '../connections/subscribers.ts';
import { smallRoomConnections } from '../thresholds.ts';
import { isWatched } from '../inbox/watch-rooms.ts';
import { appendEntry } from '../messages/append-entry.ts';
import { newRoomEntry, newVoidEntry } from '../messages/new-entry.ts';
import type { Caller } from '../model/accounts.ts';
import type { Head, Room } from '../model/rooms.ts';
import type { LogStore } from '../ports/log.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { ConnectionStore, SubscriptionStore } from '../ports/sockets.ts';
import type { Clock } from '../ports/system.ts';
import { chargeFanOut, watchedUpdateMicroDollars } from '../rate-limits/charges.ts';
import type { UserBudget } from '../rate-limits/user-budget.ts';
import type { UserRates } from '../rate-limits/user-rates.ts';
import { viewRoom } from '../views.ts';
import { findRoomFor } from './find-room.ts';
import { stillAllowed } from './verify-access.ts';
import { waitForAll } from '../wait-for-all.ts';

export interface UpdateRoomPorts {
  rooms: RoomStore;
  log: LogStore;
  subscriptions: Pick<SubscriptionStore, 'shard'>;
  connections: Pick<ConnectionStore, 'updateRoom'>;
  clock: Clock;
  rates: UserRates;
  budget: Pick<UserBudget, 'charge'>;
}

/** @throws ChatError `not_found`, `forbidden`, `room_name_taken`, `rate_limited`, `invalid_request` for an invalid name. */
export async function updateRoom(
  ports: UpdateRoomPorts,
  caller: Caller,
  roomId: string,
  changes: { name: string | undefined; description: string | undefined },
): Promise<RoomView> {
  const { room, head } = await findRoomFor('updateRoom', ports, roomId, caller.userId);
  const changed = {
    ...room,
    name: changes.name ?? room.name,
    description: changes.description ?? room.description,
  };
  if (changed.name === room.name && changed.description === room.description) return viewRoom(room, head);
  const isRenamed = changed.name !== room.name;
  if (isRenamed) await assertMayBeRenamed(ports, caller, changed.name);
  const at = ports.clock.now();
  const verify = stillAllowed(ports, { action: 'updateRoom', roomId, userId: caller.userId });
  const { outcome, head: newHead } = await appendEntry(
    ports.log,
    { roomId, forMessage: false, at, verify },
    async (head) => {
      const entry = newRoomEntry(head, 'room_updated', changed);
      try {
        return (await ports.rooms.update(changed, room, entry)) ? viewRoom(changed, head) : 'seq_taken';
      } catch (error) {
        // The change was refused, so no entry will be stored under this seq: fill it, or readers wait for it.
        if (error instanceof ChatError) await ports.log.putVoids([newVoidEntry(head, false)]);
        throw error;
      }
    },
  );
  if (isRenamed) await renameInSockets(ports, changed, newHead);
  await chargeFanOut(ports.budget, caller.userId, newHead);
  if (isWatched(newHead, at)) await ports.budget.charge(caller.userId, watchedUpdateMicroDollars);
  return outcome;
}

/**
 * A name that was stored under earlier rules is judged only when it changes. Each new name counts towards the limit of
 * new rooms, because the old name stays reserved for a while.
 */
async function assertMayBeRenamed(
  { rates }: UpdateRoomPorts,
  { userId }: Caller,
  name: string,
): Promise<void> {
  const fault = explainInvalidRoomName(name);
  if (fault !== undefined) throw invalidField('room_name', fault);
  await rates.spend('rooms', userId);
}

/**
 * Stores the new name on the connections that have the room open, because typing indicators carry it. Larger rooms send no
 * typing indicators. A socket that is being opened takes the name from the room when it is admitted.
 */
async function renameInSockets(ports: UpdateRoomPorts, room: Room, head: Head): Promise<void> {
  if (head.shards > 1) return;
  const subscribers = await readSubscribers(ports, room.roomId, head.shards);
  if (subscribers.length > smallRoomConnections) return;
  await waitForAll(
    subscribers.map(({ connectionId }) =>
      ports.connections.updateRoom(connectionId, room.roomId, { name: room.name }),
    ),
  );
}

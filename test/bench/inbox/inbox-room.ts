/** A private room whose members watch it with their inboxes, for measurements. */
import type { Person, RoomView } from '../../chaos/harness/people.ts';
import type { PlainClient } from '../../chaos/harness/plain-client.ts';
import type { Fixture } from '../operations/fixture.ts';

export interface InboxRoom {
  room: RoomView;
  owner: Person;
  members: Person[];
  /** A socket of the owner that was opened for the room. */
  sender: PlainClient;
  inboxes: PlainClient[];
}

/** Opens a private room of `size` members, the owner among them, of whom the last `watching` have an inbox. */
export async function openInboxRoom(fixture: Fixture, size: number, watching: number): Promise<InboxRoom> {
  const [owner, ...members] = (await fixture.people(size)) as [Person, ...Person[]];
  const room = await fixture.privateRoom(owner, 0);
  const path = `/chat/rooms/${room.room_id}/members/add/`;
  for (const { id } of members) await fixture.call('POST', path, owner.access, { user_id: id });
  const sender = await fixture.socket(owner, room);
  const watchers = [owner, ...members].slice(size - watching);
  const inboxes = await Promise.all(
    watchers.map(async (person) => {
      const inbox = await fixture.socket(person);
      await inbox.ask({ type: 'inbox' }, (event) => event.type === 'ready' && event['inbox'] === true);
      return inbox;
    }),
  );
  return { room, owner, members, sender, inboxes };
}

const text = 'a message of the usual length, made of a few more words';

/** Sends a message over the owner's socket and waits for its `ack`. */
export async function say({ sender }: InboxRoom): Promise<void> {
  if ((await sender.ask({ type: 'message', content: text }, 'ack')) === undefined)
    throw new Error('A message was not acknowledged');
}

/**
 * Writes, edits and deletes messages while others search for them, and functions are killed while they read and write. Once
 * a deletion or an edit was answered, no search finds the text that is gone; and every search finds the text that is there.
 */

import { newPerson, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { forEachConcurrent } from '../harness/plain-room.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  rooms: number;
  messagesPerRoom: number;
  /** The probability that the function is killed at a call to the database. */
  probability: number;
}

export const name = 'search finds what is there and nothing that is gone';

export const sizes = {
  short: { rooms: 3, messagesPerRoom: 16, probability: 0.02 },
  middle: { rooms: 6, messagesPerRoom: 100, probability: 0.01 },
  full: { rooms: 10, messagesPerRoom: 400, probability: 0.01 },
};

/** How many messages of a room are in work at a time. */
const concurrency = 4;

interface Counts {
  searches: number;
  deleted: number;
  edited: number;
  goneFound: number;
  presentNotFound: number;
  unanswered: number;
}

interface Place {
  url: string;
  person: Person;
  room: RoomView;
}

/** Sends a request until it is answered, because the function may be killed before that. */
async function answered({ url, person: { access } }: Place, method: string, path: string, body?: object) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const options = { access, ...(body && { body }) };
    const answer = await request(url, method, path, options).catch(() => undefined);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
  }
  return undefined;
}

/** Returns the contents that a search finds in the room, with all pages; undefined when it is not answered. */
async function search(place: Place, query: string, everywhere: boolean): Promise<string[] | undefined> {
  const { room } = place;
  const path = everywhere ? '/chat/search/' : `/chat/rooms/${room.room_id}/search/`;
  const found: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await answered(place, 'GET', `${path}?${query}&limit=50${next}`);
    if (answer?.status !== 200) return undefined;
    found.push(...answer.body.results.map(({ content }: { content: string }) => content));
    ({ cursor } = answer.body);
  }
  return found;
}

/** Writes one message, looks for it, changes or deletes it, and looks for it again. */
async function liveOneLife(place: Place, word: string, random: Random, counts: Counts): Promise<void> {
  const { room } = place;
  const look = async (text: string, expected: boolean): Promise<void> => {
    // A search for the sender finds a message whatever its text is, so it shows one that is deleted and not left out.
    const query = random.chance(0.5) ? `q=${text}` : `from_user=${place.person.id}`;
    const found = await search(place, query, random.chance(0.5));
    counts.searches += 1;
    if (found === undefined) counts.unanswered += 1;
    else if (found.includes(text) !== expected) counts[expected ? 'presentNotFound' : 'goneFound'] += 1;
    else if (found.includes('This message has been deleted')) counts.goneFound += 1;
  };
  const path = `/chat/rooms/${room.room_id}/messages/`;
  const sent = await answered(place, 'POST', path, { content: word, client_id: word });
  if (sent === undefined) {
    counts.unanswered += 1;
    return;
  }
  await look(word, true);
  const message = `/chat/messages/${sent.body.message_id}`;
  if (random.chance(0.3)) {
    const edited = await answered(place, 'PATCH', `${message}/edit/`, { content: `${word}edited` });
    if (edited?.status !== 200) {
      counts.unanswered += 1;
      return;
    }
    counts.edited += 1;
    await look(word, false);
    await look(`${word}edited`, true);
  }
  const removed = await answered(place, 'DELETE', `${message}/delete/`);
  if (removed?.status !== 204) {
    counts.unanswered += 1;
    return;
  }
  counts.deleted += 1;
  await look(word, false);
}

function kills(seed: number, probability: number): FaultRule[] {
  return (['before', 'after'] as const).map((phase) => ({
    id: `search-${phase}`,
    point: 'database',
    action: 'kill',
    match: { function: 'chat', phase },
    probability,
    seed: `${seed}/${phase}`,
  }));
}

export const searchDeleted: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    const { url, rules } = runtime;
    const people = await Promise.all(Array.from({ length: size.rooms }, () => newPerson(url)));
    const places = await Promise.all(
      people.map(async (person) => ({ url, person, room: await newRoom(url, person, { is_private: true }) })),
    );
    const counts: Counts = {
      searches: 0,
      deleted: 0,
      edited: 0,
      goneFound: 0,
      presentNotFound: 0,
      unanswered: 0,
    };
    await rules.add(...kills(seed, size.probability));
    await Promise.all(
      places.map((place, at) => {
        const words = Array.from({ length: size.messagesPerRoom }, (_, index) => `w${at}x${index}`);
        return forEachConcurrent(words, concurrency, (word, index) =>
          liveOneLife(place, word, seeded(seed, at, index), counts),
        );
      }),
    );
    const fired = (await rules.list()).reduce((sum, { fired: times }) => sum + times, 0);
    const { searches, deleted, edited, ...wrong } = counts;
    return { done: { searches, deleted, edited, kills: fired }, wrong: { ...wrong } };
  },
};

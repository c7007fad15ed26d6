/** Measures how long it takes to search a room to its beginning for a word that does not occur. */
import type { LocalRuntime } from '../../../local/start.ts';
import { logBuilder, messageBy } from '../../attacks/log-builder.ts';
import { newPerson, newRoom, request } from '../../chaos/harness/people.ts';

export interface MeasuredSearch {
  /** Milliseconds until the answer to each request. */
  requestsMs: number[];
  found: number;
}

/** Words in several scripts, of which each message has some. */
const words = [
  'the meeting is on Thursday at the usual place',
  'Straße und Brücke über den großen Fluß',
  '私は明日東京に行きますので、よろしくお願いします',
  'встретимся завтра вечером у большого моста',
  'سنلتقي غدا في المساء عند الجسر الكبير',
  '내일 저녁에 큰 다리에서 만나요',
];

/** Returns the content of a message, 80 to 250 characters long. */
function contentOf(index: number): string {
  const count = 2 + (index % 4);
  return Array.from({ length: count }, (_, at) => words[(index + at * 5) % words.length]).join(' ');
}

/** Writes a room with that many messages, and searches it once before the measured search, which starts the function. */
export async function measureSearch(runtime: LocalRuntime, messages: number): Promise<MeasuredSearch> {
  const builder = logBuilder(runtime);
  const person = await newPerson(runtime.url);
  const room = await newRoom(runtime.url, person, { is_private: true });
  const author = { id: person.id, username: person.username } as Parameters<typeof messageBy>[0];
  const all = Array.from({ length: messages }, (_, index) => messageBy(author, contentOf(index)));
  await builder.append(room.room_id, all);
  builder.close();
  const search = async (query: string) => {
    const path = `/chat/rooms/${room.room_id}/search/?${query}`;
    const startedAtMs = performance.now();
    const { status, body } = await request(runtime.url, 'GET', path, { access: person.access });
    if (status !== 200) throw new Error(`The search was answered with ${status}`);
    return { body, tookMs: performance.now() - startedAtMs };
  };
  await search('q=absent&limit=1');
  const requestsMs: number[] = [];
  let found = 0;
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body, tookMs } = await search(`q=${encodeURIComponent('absent 東京')}${next}`);
    requestsMs.push(tookMs);
    found += body.results.length as number;
    ({ cursor } = body);
  }
  return { requestsMs, found };
}

/** A room that no inbox watches costs exactly what it costs without the live list of rooms, by the counters. */
import { expect, test } from 'vitest';
import { countUnwatched } from './unwatched.ts';

test('everything that happens in an unwatched room costs the same in a build without inboxes', async () => {
  const { withInbox, without } = await countUnwatched();
  expect(withInbox).toEqual(without);
  const uncounted = Object.entries(withInbox).filter(
    ([, { requests, invocations }]) => requests === 0 || invocations === 0,
  );
  expect(uncounted).toEqual([]);
}, 240_000);

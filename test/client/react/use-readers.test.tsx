/** How far others have read is loaded when a room opens, and follows events. */
import { describe, expect, test } from 'vitest';
import { useReaders, useRoom } from '../../../client/src/react/index.ts';
import { ann, roomId } from '../server-events.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';

useRendering();

function Readers() {
  const { room } = useRoom('general');
  const readers = useReaders(room);
  return <p>{[...readers.values()].map(({ username, message_id: id }) => `${username} ${id}`).join(', ')}</p>;
}

const shown = (): string | null | undefined => document.querySelector('p')?.textContent;
const listed = (userId: string, username: string, messageId: string | null) => ({
  user_id: userId,
  username,
  last_read_message_id: messageId,
  read_at: messageId === null ? null : '2026-01-01T10:00:00.000Z',
});
const read = (username: string, messageId: string, readAt: string) => ({
  type: 'message_read',
  room_id: roomId,
  user_id: `id-of-${username}`,
  username,
  message_id: messageId,
  read_at: readAt,
});

const withReaders = (answer: () => Response) => ({
  messages: 3,
  answers: { [`GET /chat/rooms/${roomId}/read/`]: answer },
});

describe('the readers of a room', () => {
  test('are loaded when the room opens, without the user and those who have read nothing', async () => {
    const stored = [
      listed(ann.id, 'ann', 'm3'),
      listed('id-of-bob', 'bob', 'm2'),
      listed('3', 'carla', null),
    ];
    await renderOpenRoom(
      <Readers />,
      withReaders(() => Response.json(stored)),
    );
    expect(shown()).toBe('bob m2');
  });

  test('are the later ones of what was loaded and what events report', async () => {
    const { push, pass } = await renderOpenRoom(
      <Readers />,
      withReaders(() => Response.json([listed('id-of-bob', 'bob', 'm2')])),
    );
    push(read('bob', 'm1', '2026-01-01T09:00:00.000Z'));
    push(read('carla', 'm1', '2026-01-01T09:00:00.000Z'));
    await pass(0);
    expect(shown()).toBe('bob m2, carla m1');
    push(read('bob', 'm3', '2026-01-01T11:00:00.000Z'));
    await pass(0);
    expect(shown()).toBe('bob m3, carla m1');
  });

  test('are those of events when they cannot be loaded', async () => {
    const { push, pass } = await renderOpenRoom(
      <Readers />,
      withReaders(() => Response.json({ code: 'not_found', detail: 'Gone', status: 404 }, { status: 404 })),
    );
    push(read('bob', 'm3', '2026-01-01T11:00:00.000Z'));
    await pass(0);
    expect(shown()).toBe('bob m3');
  });
});

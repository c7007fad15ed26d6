/** The button to leave a room, or for its owner to delete it. */
import type { RoomDetails } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { go } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function EndMembership({ room, isOwner }: { room: RoomDetails; isOwner: boolean }) {
  const { room_id: roomId, room_name: name } = room;
  const chat = useChat();
  const { run, isRunning, problem } = useAction();

  function end(): void {
    // oxlint-disable-next-line no-alert -- The browser's own question needs no code, and every assistive technology knows it.
    if (!confirm(isOwner ? strings.confirmDeleteRoom(name) : strings.confirmLeave(name))) return;
    void run(async () => {
      const { http } = chat.client;
      await (isOwner ? http.deleteRoom({ room_id: roomId }) : http.leaveRoom({ room_id: roomId }));
      go({ view: 'rooms' });
    });
  }

  return (
    <section>
      <button type="button" className="danger" disabled={isRunning} onClick={end}>
        {isOwner ? strings.deleteRoom : strings.leaveRoom}
      </button>
      <Problem text={problem} />
    </section>
  );
}

/** The form with which the owner of a room changes its name and description. */
import { useState, type FormEvent } from 'react';
import type { RoomDetails } from 'serverless-chat-client';
import { useChat, useRooms } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function RoomForm({ room, onSaved }: { room: RoomDetails; onSaved: () => void }) {
  const chat = useChat();
  const { refresh } = useRooms();
  const { run, isRunning, problem } = useAction();
  const [isSaved, setSaved] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const changes = { room_name: formText(form, 'name'), description: formText(form, 'description') };
    void run(async () => {
      await chat.client.http.updateRoom({ room_id: room.room_id, ...changes });
      setSaved(true);
      onSaved();
      await refresh();
    });
  }

  return (
    <section>
      <form className="stack" onSubmit={submit} onChange={() => setSaved(false)}>
        <label>
          {strings.roomName}
          <input name="name" maxLength={255} required defaultValue={room.room_name} />
        </label>
        <label>
          {strings.description}
          <input name="description" defaultValue={room.description} />
        </label>
        <Problem text={problem} />
        <div className="row">
          <button type="submit" disabled={isRunning}>
            {strings.save}
          </button>
          <output>{isSaved ? strings.saved : ''}</output>
        </div>
      </form>
    </section>
  );
}

/** The form that creates a room. */
import type { FormEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { go } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function NewRoom({ onCreated }: { onCreated: () => void }) {
  const chat = useChat();
  const { run, isRunning, problem } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const room = { room_name: formText(form, 'name'), is_private: formText(form, 'private') !== '' };
    void run(async () => {
      const { room_id: roomId } = await chat.client.http.createRoom(room);
      go({ view: 'room', roomId });
      onCreated();
    });
  }

  return (
    <details className="new-room">
      <summary>{strings.newRoom}</summary>
      <form className="stack" onSubmit={submit}>
        <label>
          {strings.roomName}
          <input name="name" maxLength={255} required />
        </label>
        <label className="choice">
          <input type="checkbox" name="private" />
          {strings.isPrivate}
        </label>
        <Problem text={problem} />
        <button type="submit" className="primary" disabled={isRunning}>
          {strings.create}
        </button>
      </form>
    </details>
  );
}

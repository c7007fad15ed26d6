/** The form that replaces the text of a message. Enter saves, Escape cancels. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { RoomMessage } from 'serverless-chat-client';
import type { Messages } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

interface EditMessageProps {
  message: RoomMessage;
  actions: Messages;
  onEnd: () => void;
}

export function EditMessage({ message, actions, onEnd }: EditMessageProps) {
  const [content, setContent] = useState(message.content);
  const { run, isRunning, problem } = useAction();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  const save = (): void =>
    void run(async () => {
      if (content !== message.content) await actions.edit(message, content);
      onEnd();
    });
  function keyPressed(event: KeyboardEvent): void {
    if (event.key === 'Escape') onEnd();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    save();
  }

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        aria-label={strings.edit}
        rows={1}
        value={content}
        onChange={(event) => setContent(event.target.value)}
        onKeyDown={keyPressed}
      />
      <div className="row">
        <button type="submit" className="link" disabled={isRunning}>
          {strings.save}
        </button>
        <button type="button" className="link" onClick={onEnd}>
          {strings.cancel}
        </button>
      </div>
      <Problem text={problem} />
    </form>
  );
}

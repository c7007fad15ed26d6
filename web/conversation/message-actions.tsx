/** The buttons of a message: to edit and delete one's own, and to mark those of others as unread. */
import type { RoomMessage } from 'serverless-chat-client';
import type { Messages } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

interface MessageActionsProps {
  message: RoomMessage;
  actions: Messages;
  onEdit: () => void;
  onMarkUnread: () => Promise<void>;
}

export function MessageActions({ message, actions, onEdit, onMarkUnread }: MessageActionsProps) {
  const { run, isRunning, problem } = useAction();
  function remove(): void {
    // oxlint-disable-next-line no-alert -- The browser's own question needs no code, and every assistive technology knows it.
    if (confirm(strings.confirmDelete)) void run(() => actions.remove(message));
  }
  return (
    <div className="actions">
      {message.is_mine ? (
        <>
          <button type="button" className="link" onClick={onEdit}>
            {strings.edit}
          </button>
          <button type="button" className="link" disabled={isRunning} onClick={remove}>
            {strings.delete}
          </button>
        </>
      ) : (
        <button type="button" className="link" disabled={isRunning} onClick={() => void run(onMarkUnread)}>
          {strings.markUnread}
        </button>
      )}
      {problem !== undefined && <span role="alert">{problem}</span>}
    </div>
  );
}

/** One message with its sender, time and state, and what its author can do with it. */
import type { Reading, RoomMessage } from 'serverless-chat-client';
import type { Messages } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';
import { EditMessage } from './edit-message.tsx';
import { MessageActions } from './message-actions.tsx';

export interface MessageProps {
  message: RoomMessage;
  /** The message above it. */
  previous: RoomMessage | undefined;
  actions: Messages;
  readers: ReadonlyMap<string, Reading>;
  isEdited: boolean;
  onEdit: (isEdited: boolean) => void;
}

/** Messages of one sender within this time share a heading. */
const groupMs = 5 * 60_000;

export function Message({ message, previous, actions, readers, isEdited, onEdit }: MessageProps) {
  const { content, is_deleted: isDeleted, is_mine: isMine, state, problem } = message;
  const seenBy = [...readers.values()].filter(({ message_id: id }) => id === message.message_id);
  return (
    <div
      className="message"
      data-mine={isMine}
      data-state={state}
      data-grouped={isGrouped(message, previous)}
    >
      {!isGrouped(message, previous) && <Heading message={message} />}
      {isEdited ? (
        <EditMessage message={message} actions={actions} onEnd={() => onEdit(false)} />
      ) : (
        <p className="content" data-deleted={isDeleted}>
          {isDeleted ? strings.deleted : content}
          {message.edited_at !== null && <small> ({strings.edited})</small>}
        </p>
      )}
      {state === 'sending' && <small className="state">{strings.sending}</small>}
      {state === 'failed' && (
        <p className="problem">
          {strings.notSent(problem?.detail ?? '')}{' '}
          <button type="button" className="link" onClick={() => actions.retry(message)}>
            {strings.retry}
          </button>{' '}
          <button type="button" className="link" onClick={() => actions.discard(message)}>
            {strings.discard}
          </button>
        </p>
      )}
      {isMine && state === 'sent' && !isDeleted && !isEdited && (
        <MessageActions message={message} actions={actions} onEdit={() => onEdit(true)} />
      )}
      {seenBy.length > 0 && (
        <small className="state">{strings.seenBy(seenBy.map(({ username }) => username))}</small>
      )}
    </div>
  );
}

function Heading({ message: { sender_username: sender, timestamp } }: { message: RoomMessage }) {
  const time = new Date(timestamp);
  const isToday = time.toDateString() === new Date().toDateString();
  const shown = isToday
    ? time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : time.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <p className="heading">
      <b>{sender}</b> <time dateTime={timestamp}>{shown}</time>
    </p>
  );
}

function isGrouped(message: RoomMessage, previous: RoomMessage | undefined): boolean {
  if (previous?.sender_id !== message.sender_id) return false;
  return Date.parse(message.timestamp) - Date.parse(previous.timestamp) < groupMs;
}

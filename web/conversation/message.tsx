/** One message: who sent it and when, its text and state, who has seen it, and what its author can do with it. */
import type { Reading, RoomMessage } from 'serverless-chat-client';
import type { Messages } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { Attachments } from '../files/attachments.tsx';
import { strings } from '../strings.ts';
import { DayLine, isSameDay } from './day-line.tsx';
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
  onMarkUnread: () => Promise<void>;
  /** Called with the image that the user wants to see larger. */
  onShowImage: (attachmentId: string) => void;
}

/** Messages of one sender within this time share a heading. */
const groupMs = 5 * 60_000;

export function Message(props: MessageProps) {
  const { message, previous, actions, readers, isEdited, onEdit, onMarkUnread, onShowImage } = props;
  const { content, attachments = [], is_deleted: isDeleted, is_mine: isMine, state, problem } = message;
  const hasText = content !== '' || isDeleted || attachments.length === 0;
  const seenBy = [...readers]
    .filter(([userId, { message_id: id }]) => id === message.message_id && userId !== message.sender_id)
    .map(([, { username }]) => username);
  const isNewDay = previous === undefined || !isSameDay(message.timestamp, previous.timestamp);
  const isGrouped = !isNewDay && belongsTo(message, previous);
  return (
    <>
      {isNewDay && <DayLine timestamp={message.timestamp} />}
      <div className="message" data-mine={isMine} data-state={state} data-grouped={isGrouped}>
        {!isGrouped && <Heading message={message} />}
        {isEdited ? (
          <EditMessage message={message} actions={actions} onEnd={() => onEdit(false)} />
        ) : (
          (hasText || message.edited_at !== null) && (
            <p className="content" data-deleted={isDeleted}>
              {isDeleted ? strings.deleted : content}
              {message.edited_at !== null && <small> ({strings.edited})</small>}
            </p>
          )
        )}
        {attachments.length > 0 && <Attachments attachments={attachments} onShow={onShowImage} />}
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
        {state === 'sent' && !isDeleted && !isEdited && (
          <MessageActions
            message={message}
            actions={actions}
            onEdit={() => onEdit(true)}
            onMarkUnread={onMarkUnread}
          />
        )}
        {seenBy.length > 0 && <small className="state">{strings.seenBy(seenBy)}</small>}
      </div>
    </>
  );
}

function Heading({ message }: { message: RoomMessage }) {
  const { sender_id: id, sender_username: sender, timestamp } = message;
  const time = new Date(timestamp).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <>
      <Avatar id={id ?? sender} name={sender} />
      <p className="heading">
        <b>{sender}</b> <time dateTime={timestamp}>{time}</time>
      </p>
    </>
  );
}

function belongsTo(message: RoomMessage, previous: RoomMessage): boolean {
  if (previous.sender_id !== message.sender_id) return false;
  return Date.parse(message.timestamp) - Date.parse(previous.timestamp) < groupMs;
}

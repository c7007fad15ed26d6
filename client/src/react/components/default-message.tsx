/** How a message looks unless the application renders it. */
import type { RoomMessage } from '../../index.ts';
import type { Messages } from '../use-messages.ts';
import { Attachments } from './attachments.tsx';
import type { ComponentStrings } from './strings.ts';

export interface DefaultMessageProps {
  message: RoomMessage;
  actions: Messages;
  strings: ComponentStrings;
}

export function DefaultMessage({ message, actions, strings }: DefaultMessageProps) {
  const { sender_username: sender, timestamp, content, attachments = [], edited_at: editedAt } = message;
  const { state, problem } = message;
  return (
    <>
      <p data-state={state} data-mine={message.is_mine}>
        <b>{sender}</b> <time dateTime={timestamp}>{new Date(timestamp).toLocaleTimeString()}</time>{' '}
        <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{content}</span>
        {editedAt !== null && <small> ({strings.edited})</small>}
        {state === 'sending' && <small> {strings.sending}</small>}
      </p>
      <Attachments attachments={attachments} strings={strings} />
      {state === 'failed' && (
        <p>
          {strings.failed(problem?.detail ?? '')}{' '}
          <button type="button" onClick={() => actions.retry(message)}>
            {strings.retry}
          </button>{' '}
          <button type="button" onClick={() => actions.discard(message)}>
            {strings.discard}
          </button>
        </p>
      )}
    </>
  );
}

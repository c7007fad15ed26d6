/** One message that a search has found, with its words marked and its neighbors. */
import type { Highlight, MessagePreview, SearchResult } from 'serverless-chat-client';
import { hashOf } from '../shell/route.ts';
import { strings } from '../strings.ts';

interface ResultProps {
  result: SearchResult;
  /** Whether it is in another room than the one that is open. */
  isElsewhere: boolean;
  /** Called when the user opens its room. */
  onOpen: () => void;
}

export function Result({ result, isElsewhere, onOpen }: ResultProps) {
  const { sender_username: sender, timestamp, content, highlights, context = {}, attachments = [] } = result;
  return (
    <li className="result">
      <Neighbor message={context.before} />
      <p className="heading">
        <b>{sender}</b> <time dateTime={timestamp}>{new Date(timestamp).toLocaleString()}</time>
        {isElsewhere && (
          <>
            {' '}
            <a href={hashOf({ view: 'room', roomId: result.room_id })} onClick={onOpen}>
              {strings.openItsRoom}
            </a>
          </>
        )}
      </p>
      {content !== '' && (
        <p className="content">
          <Marked text={content} highlights={highlights} />
        </p>
      )}
      {attachments.length > 0 && <p className="hint">{attachments.map(({ name }) => name).join(', ')}</p>}
      <Neighbor message={context.after} />
    </li>
  );
}

function Neighbor({ message }: { message: MessagePreview | undefined }) {
  if (message === undefined) return null;
  return (
    <p className="neighbor">
      {message.sender_username}: {message.content}
    </p>
  );
}

function Marked({ text, highlights }: { text: string; highlights: readonly Highlight[] }) {
  const rest = text.slice(highlights.at(-1)?.end ?? 0);
  return (
    <>
      {highlights.map(({ start, end }, index) => (
        <span key={start}>
          {text.slice(highlights[index - 1]?.end ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {rest}
    </>
  );
}

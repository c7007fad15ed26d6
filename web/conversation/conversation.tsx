/** One room: its messages, who is there, and the field to write in. */
import { useState } from 'react';
import type { ListedRoom } from 'serverless-chat-client';
import {
  Composer,
  MessageList,
  storageDraftStore,
  useReaders,
  useRoom,
  useUnread,
  useUploads,
} from 'serverless-chat-client/react';
import { strings } from '../strings.ts';
import { ImageView } from '../files/image-view.tsx';
import { rememberLocalSize } from '../files/local-sizes.ts';
import { useFileDrop } from '../files/use-file-drop.ts';
import { Closed } from './closed.tsx';
import { Header } from './header.tsx';
import { Message } from './message.tsx';
import { TypingLine } from './typing-line.tsx';

/** Drafts outlive a reload, and end with the tab. */
const drafts = storageDraftStore(sessionStorage);

interface ConversationProps {
  roomId: string;
  /** The room in the user's list, if it is there already. */
  listed: ListedRoom | undefined;
}

export function Conversation({ roomId, listed }: ConversationProps) {
  const { room, name, status, problem, reopen } = useRoom(roomId, { create: false });
  const readers = useReaders(room);
  const { markUnread } = useUnread(room);
  const [editedKey, setEditedKey] = useState<string>();
  const [shownImageId, setShownImageId] = useState<string>();
  const { add } = useUploads(room);
  const drop = useFileDrop(room === undefined || status === 'closed' ? undefined : add);
  const title = listed?.display_name ?? (name === roomId ? strings.openingRoom : name);
  const editLast = (): void =>
    setEditedKey(
      room?.messages.findLast((one) => one.is_mine && one.state === 'sent' && !one.is_deleted)?.key,
    );
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Files can be chosen with a button as well.
    <div className="conversation" onLoadCapture={rememberLocalSize} {...drop.listeners}>
      <Header room={room} roomId={roomId} title={title} description={listed?.description} />
      <MessageList
        className="messages"
        room={room}
        renderEmpty={() => (
          <p className="center">{status === 'live' ? strings.emptyRoom : strings.openingRoom}</p>
        )}
        renderMessage={(message, { previous, actions }) => (
          <Message
            message={message}
            previous={previous}
            actions={actions}
            readers={readers}
            isEdited={message.key === editedKey}
            onEdit={(isEdited) => setEditedKey(isEdited ? message.key : undefined)}
            onMarkUnread={() => markUnread(message)}
            onShowImage={setShownImageId}
          />
        )}
      />
      {shownImageId !== undefined && (
        <ImageView room={room} startId={shownImageId} onClose={() => setShownImageId(undefined)} />
      )}
      {drop.isOver && <p className="drop-zone">{strings.dropHere}</p>}
      <TypingLine room={room} />
      {status === 'closed' ? (
        <Closed problem={problem} onReopen={reopen} />
      ) : (
        <Composer className="composer" room={room} drafts={drafts} onUp={editLast} />
      )}
    </div>
  );
}

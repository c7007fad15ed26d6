/** What the user can see and do about a room besides its messages. */
import { useCallback, useEffect, useRef } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useLoaded } from '../use-loaded.ts';
import { EndMembership } from './end-membership.tsx';
import { Members } from './members.tsx';
import { RoomForm } from './room-form.tsx';

interface RoomDialogProps {
  roomId: string;
  title: string;
  onClose: () => void;
}

export function RoomDialog({ roomId, title, onClose }: RoomDialogProps) {
  const { user } = useChat();
  const load = useCallback((client: ChatClient) => client.http.getRoom({ room_id: roomId }), [roomId]);
  const { value: room, problem, reload } = useLoaded(load);
  const dialog = useRef<HTMLDialogElement>(null);
  // A modal dialog keeps the focus, ends with the Escape key, and gives the focus back.
  useEffect(() => dialog.current?.showModal(), []);
  const isOwner = room !== undefined && room.creator_id === user?.id;
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="room-dialog-title" onClose={onClose}>
      <header className="bar">
        <h2 id="room-dialog-title">{title}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {strings.close}
        </button>
      </header>
      <div className="sections">
        <Problem text={problem} />
        {room !== undefined && (
          <>
            {isOwner && !room.is_direct && <RoomForm key={room.room_id} room={room} onSaved={reload} />}
            <Members room={room} isOwner={isOwner} />
            {!room.is_direct && <EndMembership room={room} isOwner={isOwner} />}
          </>
        )}
      </div>
    </dialog>
  );
}

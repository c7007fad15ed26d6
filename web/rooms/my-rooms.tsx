/** The user's rooms, each with its last message and the number of unread ones. */
import type { ListedRoom } from 'serverless-chat-client';
import { RoomList, useChat, type Rooms } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { Problem } from '../problem.tsx';
import { go } from '../shell/route.ts';
import { previewOf } from '../shell/preview.ts';
import { strings } from '../strings.ts';

export function MyRooms({ list, activeRoomId }: { list: Rooms; activeRoomId: string | undefined }) {
  const { user } = useChat();
  const { rooms, status, problem } = list;
  if (status === 'loading' && problem === undefined) return <p className="hint">{strings.loading}</p>;
  return (
    <>
      <Problem text={problem?.detail} />
      {rooms.length === 0 && <p className="hint">{strings.noRooms}</p>}
      <RoomList
        className="rooms"
        rooms={rooms}
        activeRoomId={activeRoomId}
        onOpen={({ room_id: roomId }) => go({ view: 'room', roomId })}
        renderRoom={(room) => <Entry room={room} userId={user?.id} isOpen={room.room_id === activeRoomId} />}
      />
    </>
  );
}

interface EntryProps {
  room: ListedRoom;
  userId: string | undefined;
  /** Whether the room is in sight, so that it shows itself what is unread. */
  isOpen: boolean;
}

function Entry({ room, userId, isOpen }: EntryProps) {
  const { unread_count: unread, last_message: last, is_direct: isDirect } = room;
  return (
    <>
      <Avatar id={room.peer?.id ?? room.room_id} name={room.display_name} />
      <span className="entry-name">{room.display_name}</span>
      {unread > 0 && !isOpen && (
        <span className="badge">
          {unread} <span className="hidden">{strings.unread}</span>
        </span>
      )}
      {last !== null && (
        <span className="entry-last">
          {last.sender_id === userId
            ? strings.you(previewOf(last))
            : isDirect
              ? previewOf(last)
              : `${last.sender_username}: ${previewOf(last)}`}
        </span>
      )}
    </>
  );
}

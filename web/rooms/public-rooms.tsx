/** The public rooms, which are loaded page by page, and a form for a new one. */
import { useState } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import { Avatar } from '../avatar.tsx';
import { MoreButton } from '../more-button.tsx';
import { Problem } from '../problem.tsx';
import { hashOf } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { usePages } from '../use-pages.ts';
import { NewRoom } from './new-room.tsx';

const listRooms = (client: ChatClient) => client.http.listRooms();

interface PublicRoomsProps {
  activeRoomId: string | undefined;
  onOpened: () => void;
}

export function PublicRooms({ activeRoomId, onOpened }: PublicRoomsProps) {
  const pages = usePages(listRooms);
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const { items: rooms, hasMore, isLoading } = pages;
  const shown = rooms.filter(({ room_name: name }) => name.toLowerCase().includes(wanted));
  return (
    <>
      <NewRoom onCreated={onOpened} />
      <input
        type="search"
        aria-label={strings.filterRooms}
        placeholder={strings.filterRooms}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <ul className="rooms">
        {shown.map(({ room_id: roomId, room_name: name, description }) => (
          <li key={roomId}>
            <a
              href={hashOf({ view: 'room', roomId })}
              aria-current={roomId === activeRoomId ? 'true' : undefined}
              onClick={onOpened}
            >
              <Avatar id={roomId} name={name} />
              <span className="entry-name">{name}</span>
              {description !== '' && <span className="entry-last">{description}</span>}
            </a>
          </li>
        ))}
      </ul>
      {/* The filter knows only the rooms that are loaded. */}
      {!isLoading && (hasMore || shown.length === 0) && (
        <output className="hint">{strings.shownRooms(shown.length, rooms.length)}</output>
      )}
      <Problem text={pages.problem} />
      <MoreButton {...pages} />
    </>
  );
}

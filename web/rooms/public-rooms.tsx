/** The public rooms, which can be searched by the start of their names, and a form for a new one. */
import { useState } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import { useLoaded } from '../use-loaded.ts';
import { Problem } from '../problem.tsx';
import { hashOf } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { NewRoom } from './new-room.tsx';

/** Rooms that are loaded at most; a longer list needs a search on the server. */
const maxRooms = 500;

async function loadRooms(client: ChatClient) {
  const rooms = [];
  for await (const room of client.http.listRooms()) {
    rooms.push(room);
    if (rooms.length === maxRooms) break;
  }
  return rooms;
}

interface PublicRoomsProps {
  activeRoomId: string | undefined;
  onOpened: () => void;
}

export function PublicRooms({ activeRoomId, onOpened }: PublicRoomsProps) {
  const { value: rooms, problem } = useLoaded(loadRooms);
  const [prefix, setPrefix] = useState('');
  const wanted = prefix.trim().toLowerCase();
  const found = rooms?.filter(({ room_name: name }) => name.toLowerCase().startsWith(wanted));
  return (
    <>
      <NewRoom onCreated={onOpened} />
      <input
        type="search"
        aria-label={strings.searchRooms}
        placeholder={strings.searchRooms}
        value={prefix}
        onChange={(event) => setPrefix(event.target.value)}
      />
      <Problem text={problem} />
      {rooms === undefined && problem === undefined && <p className="hint">{strings.loading}</p>}
      {found?.length === 0 && <p className="hint">{strings.noMatch}</p>}
      <ul className="rooms">
        {found?.map(({ room_id: roomId, room_name: name, description }) => (
          <li key={roomId}>
            <a
              href={hashOf({ view: 'room', roomId })}
              aria-current={roomId === activeRoomId ? 'true' : undefined}
              onClick={onOpened}
            >
              <span className="entry-name">{name}</span>
              <span className="entry-last">{description}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

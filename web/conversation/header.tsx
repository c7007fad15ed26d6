/** The name of the room, who is there, and the way to its members and settings. */
import { useState } from 'react';
import type { Room } from 'serverless-chat-client';
import { usePresence } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { onDemand } from '../on-demand.tsx';
import { SearchButton } from '../search/search-dialog.tsx';
import { BackLink } from '../shell/back-link.tsx';
import { strings } from '../strings.ts';

const RoomDialog = onDemand(async () => (await import('../later.ts')).RoomDialog);

interface HeaderProps {
  room: Room | undefined;
  roomId: string;
  title: string;
  description: string | undefined;
}

export function Header({ room, roomId, title, description }: HeaderProps) {
  const { users, userCount } = usePresence(room);
  const [isDialogOpen, setDialogOpen] = useState(false);
  return (
    <header className="bar">
      <BackLink />
      <div className="room-title">
        <h2>{title}</h2>
        {description !== '' && <p>{description}</p>}
      </div>
      {userCount > 0 && (
        <details className="presence">
          <summary>{strings.present(userCount)}</summary>
          <ul className="list">
            {users.map(({ id, username }) => (
              <li key={id}>
                <Avatar id={id} name={username} />
                <span>{username}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <SearchButton roomId={roomId} />
      <button
        type="button"
        className="icon"
        aria-label={strings.roomDetails}
        title={strings.roomDetails}
        onClick={() => setDialogOpen(true)}
      >
        ⋯
      </button>
      {isDialogOpen && <RoomDialog roomId={roomId} title={title} onClose={() => setDialogOpen(false)} />}
    </header>
  );
}

/** The name of the room, and who is there. */
import type { Room } from 'serverless-chat-client';
import { usePresence } from 'serverless-chat-client/react';
import { BackLink } from '../shell/back-link.tsx';
import { strings } from '../strings.ts';

interface HeaderProps {
  room: Room | undefined;
  title: string;
  description: string | undefined;
}

export function Header({ room, title, description }: HeaderProps) {
  const { users, userCount } = usePresence(room);
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
          <ul>
            {users.map(({ id, username }) => (
              <li key={id}>{username}</li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}

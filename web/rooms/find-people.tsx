/** Finds other users, and opens the direct room with one of them. */
import { useState } from 'react';
import type { UserSummary } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { Problem } from '../problem.tsx';
import { go } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';
import { FindUsers } from './find-users.tsx';

export function FindPeople({ onOpened }: { onOpened: () => void }) {
  const chat = useChat();
  const [found, setFound] = useState<UserSummary[]>();
  const { run, isRunning, problem } = useAction();
  const write = (userId: string): void =>
    void run(async () => {
      const { room_id: roomId } = await chat.client.http.openDirectRoom({ target_user_id: userId });
      go({ view: 'room', roomId });
      onOpened();
    });

  const others = found?.filter(({ id }) => id !== chat.user?.id);
  return (
    <>
      <FindUsers label={strings.searchPeople} onFound={setFound} />
      <Problem text={problem} />
      {others?.length === 0 && <p className="hint">{strings.noMatch}</p>}
      {others === undefined && <p className="hint">{strings.peopleHint}</p>}
      <ul className="rooms">
        {others?.map(({ id, username }) => (
          <li key={id}>
            <button type="button" disabled={isRunning} onClick={() => write(id)}>
              <Avatar id={id} name={username} />
              <span className="entry-name">{username}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

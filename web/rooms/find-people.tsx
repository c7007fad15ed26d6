/** Finds users by the start of their names, and opens the direct room with one of them. */
import { useState } from 'react';
import type { UserSummary } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { go } from '../shell/route.ts';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function FindPeople({ onOpened }: { onOpened: () => void }) {
  const chat = useChat();
  const [name, setName] = useState('');
  const [found, setFound] = useState<UserSummary[]>();
  const { run, isRunning, problem } = useAction();

  const find = (): void =>
    void run(async () => setFound(await chat.client.http.findUsers({ username: name.trim() })));
  const write = (userId: string): void =>
    void run(async () => {
      const { room_id: roomId } = await chat.client.http.openDirectRoom({ target_user_id: userId });
      go({ view: 'room', roomId });
      onOpened();
    });

  const others = found?.filter(({ id }) => id !== chat.user?.id);
  return (
    <>
      <search>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') find();
          }}
        >
          <input
            type="search"
            aria-label={strings.searchPeople}
            placeholder={strings.searchPeople}
            autoCapitalize="none"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </form>
      </search>
      <Problem text={problem} />
      {others?.length === 0 && <p className="hint">{strings.noMatch}</p>}
      <ul className="rooms">
        {others?.map(({ id, username }) => (
          <li key={id}>
            <button type="button" disabled={isRunning} onClick={() => write(id)}>
              <span className="entry-name">{username}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

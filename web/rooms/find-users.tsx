/** A field that finds users by the start of their names. */
import { useState } from 'react';
import type { UserSummary } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { rememberPictures } from '../pictures.ts';
import { Problem } from '../problem.tsx';
import { useAction } from '../use-action.ts';

interface FindUsersProps {
  label: string;
  onFound: (users: UserSummary[]) => void;
}

export function FindUsers({ label, onFound }: FindUsersProps) {
  const chat = useChat();
  const [name, setName] = useState('');
  const { run, problem } = useAction();
  const find = (): void =>
    void run(async () => {
      const found = await chat.client.http.findUsers({ username: name.trim() });
      rememberPictures(found);
      onFound(found);
    });
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
            aria-label={label}
            placeholder={label}
            autoCapitalize="none"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </form>
      </search>
      <Problem text={problem} />
    </>
  );
}

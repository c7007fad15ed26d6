/** Finds users by the start of their names, and adds one of them to a private room. */
import { useState } from 'react';
import type { Member, UserSummary } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { Problem } from '../problem.tsx';
import { FindUsers } from '../rooms/find-users.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

interface AddMemberProps {
  roomId: string;
  members: readonly Member[];
  onAdded: () => void;
}

export function AddMember({ roomId, members, onAdded }: AddMemberProps) {
  const chat = useChat();
  const [found, setFound] = useState<UserSummary[]>();
  const { run, isRunning, problem } = useAction();
  const others = found?.filter(({ id }) => members.every((member) => member.id !== id));

  const add = (userId: string): void =>
    void run(async () => {
      await chat.client.http.addMember({ room_id: roomId, user_id: userId });
      onAdded();
    });

  return (
    <>
      <FindUsers label={strings.findMember} onFound={setFound} />
      <Problem text={problem} />
      {others?.length === 0 && <p className="hint">{strings.noMatch}</p>}
      <ul className="list">
        {others?.map(({ id, username }) => (
          <li key={id}>
            <Avatar id={id} name={username} />
            <span>{username}</span>
            <button
              type="button"
              disabled={isRunning}
              aria-label={strings.addMember(username)}
              onClick={() => add(id)}
            >
              {strings.add}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

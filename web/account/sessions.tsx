/** The devices on which the user is signed in, each of which can be signed out. */
import type { ChatClient } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';
import { deviceName } from './device-name.ts';
import { useLoaded } from '../use-loaded.ts';

const loadSessions = (client: ChatClient) => client.http.listSessions();

export function Sessions() {
  const chat = useChat();
  const { value: sessions = [], problem: loadProblem, reload } = useLoaded(loadSessions);
  const { run, isRunning, problem } = useAction();

  const end = (sessionId: string): void =>
    void run(async () => {
      await chat.client.http.endSession({ session_id: sessionId });
      reload();
    });
  const endAll = (): void =>
    void run(async () => {
      await chat.client.http.endSessions();
      await chat.signOut();
    });

  return (
    <section>
      <h3>{strings.sessions}</h3>
      <ul className="sessions">
        {sessions.map(({ id, is_current: isCurrent, user_agent: agent, last_used_at: lastUsed }) => (
          <li key={id}>
            <span>
              {deviceName(agent)}
              <small>
                {isCurrent ? strings.thisSession : strings.lastUsed(new Date(lastUsed).toLocaleString())}
              </small>
            </span>
            {!isCurrent && (
              <button type="button" disabled={isRunning} onClick={() => end(id)}>
                {strings.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
      <button type="button" className="danger" disabled={isRunning} onClick={endAll}>
        {strings.signOutEverywhere}
      </button>
      <Problem text={loadProblem ?? problem} />
    </section>
  );
}

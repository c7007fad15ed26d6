/** The user's names. */
import { useState, type FormEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';
import { useLoaded } from '../use-loaded.ts';
import type { ChatClient } from 'serverless-chat-client';

const loadProfile = (client: ChatClient) => client.http.getProfile();

export function ProfileForm() {
  const chat = useChat();
  const { value: profile, problem: loadProblem } = useLoaded(loadProfile);
  const { run, isRunning, problem } = useAction();
  const [isSaved, setSaved] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const names = { first_name: formText(form, 'first'), last_name: formText(form, 'last') };
    void run(async () => {
      await chat.client.http.updateProfile(names);
      setSaved(true);
    });
  }

  return (
    <section>
      <h3>{strings.profile}</h3>
      {profile !== undefined && (
        <form className="stack" onSubmit={submit} onChange={() => setSaved(false)}>
          <label>
            {strings.firstName}
            {/* oxlint-disable-next-line jsx-a11y/autocomplete-valid -- It is: the rule’s list is short. */}
            <input name="first" autoComplete="given-name" maxLength={150} defaultValue={profile.first_name} />
          </label>
          <label>
            {strings.lastName}
            {/* oxlint-disable-next-line jsx-a11y/autocomplete-valid -- It is: the rule’s list is short. */}
            <input name="last" autoComplete="family-name" maxLength={150} defaultValue={profile.last_name} />
          </label>
          <div className="row">
            <button type="submit" disabled={isRunning}>
              {strings.save}
            </button>
            <output>{isSaved ? strings.saved : ''}</output>
          </div>
        </form>
      )}
      <Problem text={loadProblem ?? problem} />
    </section>
  );
}

/** The form with which the user deletes their account for good. */
import type { FormEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function DeleteAccount() {
  const chat = useChat();
  const { run, isRunning, problem } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const password = formText(event.currentTarget, 'password');
    // oxlint-disable-next-line no-alert -- The browser's own question needs no code, and every assistive technology knows it.
    if (!confirm(strings.confirmDeleteAccount)) return;
    void run(async () => {
      await chat.client.http.deleteAccount({ password });
      await chat.signOut();
    });
  }

  return (
    <section>
      <h3>{strings.deleteAccount}</h3>
      <p className="hint">{strings.deleteAccountHint}</p>
      <form className="stack" onSubmit={submit}>
        <label>
          {strings.passwordToDelete}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <Problem text={problem} />
        <div className="row">
          <button type="submit" className="danger" disabled={isRunning}>
            {strings.deleteAccount}
          </button>
        </div>
      </form>
    </section>
  );
}

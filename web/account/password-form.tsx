/** The form with which the user changes their password. */
import { useState, type FormEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function PasswordForm() {
  const chat = useChat();
  const { run, isRunning, problem } = useAction();
  const [isChanged, setChanged] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const passwords = { old_password: formText(form, 'old'), new_password: formText(form, 'new') };
    void run(async () => {
      await chat.client.http.changePassword(passwords);
      form.reset();
      setChanged(true);
    });
  }

  return (
    <section>
      <h3>{strings.changePassword}</h3>
      <form className="stack" onSubmit={submit} onChange={() => setChanged(false)}>
        <label>
          {strings.oldPassword}
          <input name="old" type="password" autoComplete="current-password" required />
        </label>
        <label>
          {strings.newPassword}
          <input name="new" type="password" autoComplete="new-password" minLength={8} required />
        </label>
        <Problem text={problem} />
        <div className="row">
          <button type="submit" disabled={isRunning}>
            {strings.changePassword}
          </button>
          <output>{isChanged ? strings.passwordChanged : ''}</output>
        </div>
      </form>
    </section>
  );
}

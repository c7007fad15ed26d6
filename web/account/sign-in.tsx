/** The form to sign in, or to create an account. */
import { useState, type FormEvent } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';

export function SignIn() {
  const { signIn, register } = useChat();
  const [isNew, setNew] = useState(false);
  const { run, isRunning, problem } = useAction();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const username = formText(event.currentTarget, 'username');
    const password = formText(event.currentTarget, 'password');
    void run(() => (isNew ? register(username, password) : signIn(username, password)));
  }

  return (
    <main className="sign-in">
      <h1>{strings.title}</h1>
      <form className="stack" onSubmit={submit}>
        <label>
          {strings.username}
          <input name="username" autoComplete="username" autoCapitalize="none" required />
        </label>
        <label>
          {strings.password}
          <input
            name="password"
            type="password"
            autoComplete={isNew ? 'new-password' : 'current-password'}
            minLength={isNew ? 8 : undefined}
            required
          />
        </label>
        <Problem text={problem} />
        <button type="submit" className="primary" disabled={isRunning}>
          {isNew ? strings.register : strings.signIn}
        </button>
      </form>
      <p>
        {isNew ? strings.haveAccount : strings.noAccountYet}{' '}
        <button type="button" className="link" onClick={() => setNew(!isNew)}>
          {isNew ? strings.signIn : strings.register}
        </button>
      </p>
    </main>
  );
}

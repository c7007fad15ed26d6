/** The user's account: profile, sessions, colors and notifications. */
import { useChat } from 'serverless-chat-client/react';
import { BackLink } from '../shell/back-link.tsx';
import { strings } from '../strings.ts';
import { DeleteAccount } from './delete-account.tsx';
import { NotificationSwitch } from './notification-switch.tsx';
import { PasswordForm } from './password-form.tsx';
import { PictureForm } from './picture-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { Sessions } from './sessions.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Account() {
  const { user, signOut } = useChat();
  return (
    <div className="account">
      <header className="bar">
        <BackLink />
        <h2>{user?.username}</h2>
        <button type="button" onClick={() => void signOut()}>
          {strings.signOut}
        </button>
      </header>
      <div className="sections">
        <PictureForm />
        <ProfileForm />
        <ThemeSwitch />
        <NotificationSwitch />
        <Sessions />
        <PasswordForm />
        <DeleteAccount />
      </div>
    </div>
  );
}

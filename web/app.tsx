/** The page as a whole: one client for everything, and the view that fits the user. */
import { ChatProvider, useChat } from 'serverless-chat-client/react';
import { SignIn } from './account/sign-in.tsx';
import { Shell } from './shell/shell.tsx';
import { strings } from './strings.ts';

export function App() {
  return (
    <ChatProvider url={location.origin}>
      <Page />
    </ChatProvider>
  );
}

function Page() {
  const { status } = useChat();
  if (status === 'loading') return <p className="center">{strings.loading}</p>;
  return status === 'signed-in' ? <Shell /> : <SignIn />;
}

/** Says when the page is not connected. */
import { useConnectionState } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';

export function ConnectionBanner() {
  const { state, problem, reconnectNow } = useConnectionState();
  if (state === 'live' || state === 'signed-out') return null;
  return (
    <output className="banner" data-state={state}>
      {state === 'offline' ? (
        <>
          <span title={problem?.detail}>{strings.offline}</span>
          <button type="button" onClick={reconnectNow}>
            {strings.retry}
          </button>
        </>
      ) : (
        strings[state]
      )}
    </output>
  );
}

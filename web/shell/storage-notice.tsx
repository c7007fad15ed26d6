/** Says that the browser stores nothing for the page. */
import { useConnectionState } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';

export function StorageNotice() {
  const { storageProblem } = useConnectionState();
  return (
    <output className="storage-notice" title={storageProblem?.detail}>
      {storageProblem !== undefined && strings.storageFailed}
    </output>
  );
}

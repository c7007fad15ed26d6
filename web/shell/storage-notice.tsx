/** Says that the browser does not store what it should, and what the user can do about it. */
import { useConnectionState } from 'serverless-chat-client/react';

export function StorageNotice() {
  const { storageProblem } = useConnectionState();
  return <output className="storage-notice">{storageProblem?.detail}</output>;
}

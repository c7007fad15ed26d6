/** Says why a room is closed, in place of the field to write in. */
import type { ChatProblem } from 'serverless-chat-client';
import { strings } from '../strings.ts';

export function Closed({ problem, onReopen }: { problem: ChatProblem | undefined; onReopen: () => void }) {
  return (
    <div className="closed" role="alert">
      {strings.roomClosed(problem?.detail ?? '')}{' '}
      <button type="button" onClick={onReopen}>
        {strings.openAgain}
      </button>
    </div>
  );
}

/** Runs a request of the user, and shows whether it is under way and why it failed. */
import { useState } from 'react';
import { ChatProblem } from 'serverless-chat-client';

export interface Action {
  run: (work: () => Promise<unknown>) => Promise<void>;
  isRunning: boolean;
  /** A sentence to show. */
  problem: string | undefined;
}

export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function run(work: () => Promise<unknown>): Promise<void> {
    setRunning(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ChatProblem)) throw error;
      setProblem(sentenceOf(error));
    } finally {
      setRunning(false);
    }
  }
  return { run, isRunning, problem };
}

/** A refused field says more than the problem as a whole. */
function sentenceOf({ detail, errors }: ChatProblem): string {
  return errors.length === 0 ? detail : errors.map(({ path, message }) => `${path} ${message}`).join('. ');
}

/** The state of the project's git working tree. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OperatorError } from './command-line.ts';

const run = promisify(execFile);

/**
 * Returns the files that differ from the commit that is checked out, new ones included.
 * @throws OperatorError when the directory is not in a git repository
 */
export async function uncommittedFiles(directory: string): Promise<string[]> {
  try {
    const { stdout } = await run('git', ['status', '--porcelain'], { cwd: directory });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice(3));
  } catch (error) {
    throw new OperatorError(
      `git status failed in ${directory}; production is deployed from a git commit only.`,
      {
        cause: error,
      },
    );
  }
}

/** The short names of functions for rules: the logical id without the parts that CDK adds. */

import type { LambdaFunction } from '../stack.ts';

export interface FunctionNames {
  all: readonly string[];
  /** Returns the short name for a short name, a logical id or a deployed name; undefined if unknown. */
  resolve: (name: string) => string | undefined;
  /** Returns the short name of the function with a logical id. */
  of(functionId: string): string;
  /** Returns the logical id of the function with a short name. */
  idOf(name: string): string;
}

/** Derives the short names of functions from their logical ids. */
export function createFunctionNames(
  functions: Pick<LambdaFunction, 'logicalId' | 'functionName'>[],
): FunctionNames {
  const shortNames = new Map(functions.map(({ logicalId }) => [logicalId, shortName(logicalId)]));
  return {
    all: [...shortNames.values()],
    resolve(name) {
      const found = functions.find(({ logicalId, functionName }) =>
        [logicalId, functionName, shortNames.get(logicalId)].includes(name),
      );
      return found && shortNames.get(found.logicalId);
    },
    of: (functionId) => shortNames.get(functionId) ?? functionId,
    idOf: (name) => functions.find(({ logicalId }) => shortNames.get(logicalId) === name)!.logicalId,
  };
}

/** Returns `message` for `messageFunctionB5FC7C5F`. */
function shortName(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(?<=.)Function$/, '');
}

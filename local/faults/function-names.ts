/** Knows functions by the short names that people use: the logical id without what CDK adds to it. */

import type { LambdaFunction } from '../stack.ts';

export interface FunctionNames {
  all: readonly string[];
  /** The short name for a short name, a logical id or a deployed name; undefined when it is none. */
  named: (name: string) => string | undefined;
  /** The short name of the function with that logical id. */
  of(functionId: string): string;
  /** The logical id of the function with that short name. */
  idOf(name: string): string;
}

export function functionNames(
  functions: Pick<LambdaFunction, 'logicalId' | 'functionName'>[],
): FunctionNames {
  const shortNames = new Map(functions.map(({ logicalId }) => [logicalId, shortName(logicalId)]));
  return {
    all: [...shortNames.values()],
    named(name) {
      const found = functions.find(({ logicalId, functionName }) =>
        [logicalId, functionName, shortNames.get(logicalId)].includes(name),
      );
      return found && shortNames.get(found.logicalId);
    },
    of: (functionId) => shortNames.get(functionId) ?? functionId,
    idOf: (name) => functions.find(({ logicalId }) => shortNames.get(logicalId) === name)!.logicalId,
  };
}

/** `messageFunctionB5FC7C5F` is `message`. */
function shortName(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(?<=.)Function$/, '');
}

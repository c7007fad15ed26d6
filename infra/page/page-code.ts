/** The code of the function that copies the page into its bucket: its handler, and the page's files beside it. */
import { FileSystem } from 'aws-cdk-lib/core';
import { Code } from 'aws-cdk-lib/aws-lambda';

export interface PageCode {
  code: Code;
  /** Changes with any of the files. */
  digest: string;
}

/** Returns the code in the folder that `bundlePageSync` filled. */
export function pageCode(directory: string): PageCode {
  return { code: Code.fromAsset(directory), digest: FileSystem.fingerprint(directory) };
}

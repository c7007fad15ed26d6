/** The types of the handler, for its tests. */

export interface CopyRequest {
  RequestType: string;
  ResourceProperties: Record<string, unknown>;
}

export interface CopyEvent extends CopyRequest {
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
}

export const bounds: {
  maxAttempts: number;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
};
export function handler(event: CopyEvent): Promise<void>;
export function answer(event: CopyEvent, make: (event: CopyEvent) => Promise<unknown>): Promise<void>;
export function change(request: CopyRequest, s3: object, directory: string): Promise<void>;

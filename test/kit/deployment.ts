/** The deployment that the tests of a file send their requests to. */
import { inject } from 'vitest';
import { request, type Answer, type RequestOptions } from './request.ts';

let ownUrl: string | undefined;

/** Returns the address of the deployment, without a slash at its end. */
export const chatUrl = (): string => ownUrl ?? inject('chatUrl');

/**
 * Makes all helpers use the given deployment instead of the one that the project's set-up provides; undefined returns
 * to that one. Test files may share this module, so a file that sets a deployment resets it after its tests.
 */
export function useDeployment(url: string | undefined): void {
  ownUrl = url;
}

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether the deployment is a stage on AWS, as opposed to a local runtime. */
export const isDeployedStage = (): boolean => !loopback.includes(new URL(chatUrl()).hostname);

/** Sends a request to the deployment. */
export const call = <T = any>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer<T>> => request<T>(chatUrl() + path, method, options);

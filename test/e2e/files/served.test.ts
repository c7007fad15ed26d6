/** Files on the deployment of these tests, whose edge serves them. */
import { describeServedFiles } from './suite.ts';

describeServedFiles();

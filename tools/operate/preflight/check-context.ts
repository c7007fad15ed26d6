/** What every check of the account is given. */
import type { StageSettings } from '../../../infra/stages.ts';
import type { AwsApi } from '../aws/aws-api.ts';

export interface CheckContext {
  api: AwsApi;
  stage: string;
  settings: StageSettings;
}

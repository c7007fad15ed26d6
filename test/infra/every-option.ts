/** The settings of an operator who has switched on everything that the stack offers. */
export const everyOption: Readonly<Record<string, string>> = {
  ALLOWED_ORIGINS: 'https://chat.example',
  ALARM_EMAIL: 'ops@chat.example',
  DOMAIN_NAME: 'api.chat.example',
  HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ',
  MINIMUM_TLS: 'TLSv1.3_2025',
  FIREWALL: 'true',
  REQUIRE_EDGE: 'true',
  ROLLOUT: 'Linear10PercentEvery1Minute',
  HANDSHAKE_CONCURRENCY: '50',
  FAN_OUT_CONCURRENCY: '300',
  INBOX_CONCURRENCY: '100',
  UPLOADS_CONCURRENCY: '50',
  BACKUP_DAYS: '30',
  MONTHLY_BUDGET_DOLLARS: '500',
  COST_ANOMALY_DOLLARS: '50',
  TAGS: 'cost-center=42,team=chat',
};

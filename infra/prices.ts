/**
 * The prices of AWS in us-east-1, in dollars without a free tier, from its pricing pages of November 2026. The dashboard
 * and the bench use them; change them here for another region.
 */
export const prices = {
  /** WebSocket messages of up to 32 KB, in either direction. */
  perMillionSocketMessages: 1.0,
  perMillionConnectionMinutes: 0.25,
  perMillionHttpRequests: 1.0,
  /** DynamoDB on demand. */
  perMillionWriteUnits: 0.625,
  perMillionReadUnits: 0.125,
  perMillionInvocations: 0.2,
  /** Lambda on arm64. */
  perGbSecond: 0.0000133334,
  perGbOut: 0.09,
  /** S3: forms and other requests that store; requests that read. Requests that delete are free. */
  perMillionObjectWrites: 5.0,
  perMillionObjectReads: 0.4,
  /** A month. */
  perGbStoredInObjects: 0.023,
  /** Log lines that CloudWatch takes in, metrics in the embedded format among them. */
  perGbLogged: 0.5,
  /** A month of a metric of one's own, counted for each combination of dimensions; of an alarm; of a dashboard. */
  perMetric: 0.3,
  perAlarm: 0.1,
  perDashboard: 3.0,
} as const;

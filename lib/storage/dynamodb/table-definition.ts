/** The one table of a cluster: what `cdk deploy` and local runs create alike. */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch; DynamoDB deletes the item some time after. */
  ttlAttribute: 'ttl',
  billingMode: 'PAY_PER_REQUEST',
} as const;

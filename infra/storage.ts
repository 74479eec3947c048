import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { tableDefinition } from '../lib/storage/dynamodb/table-definition.ts';

export interface ClusterTableProps {
  /** @default false */
  readonly deletionProtection?: boolean;
}

/** All state of a cluster. It outlives the stack: offsets are what must never be lost by accident. */
export function clusterTable(
  scope: Construct,
  id: string,
  { deletionProtection = false }: ClusterTableProps,
): Table {
  return new Table(scope, id, {
    partitionKey: { name: tableDefinition.partitionKey, type: AttributeType.STRING },
    sortKey: { name: tableDefinition.sortKey, type: AttributeType.STRING },
    timeToLiveAttribute: tableDefinition.ttlAttribute,
    billingMode: BillingMode[tableDefinition.billingMode],
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

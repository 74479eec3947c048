import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface TickScheduleProps {
  readonly groupId: string;
  readonly coordinator: IFunction;
  /** What is ticked, as the coordinator's event says it. @default every connector */
  readonly event?: TickEvent;
  /** For the console. @default all connectors of the cluster */
  readonly description?: string;
  /** @default true */
  readonly enabled?: boolean;
}

/** What the coordinator is invoked with: functions/coordinator.ts. */
export type TickEvent =
  | { readonly shard: number; readonly of: number }
  | { readonly connectors: readonly string[] }
  | Record<string, never>;

/** Ticks the coordinator once a minute. No retries: the next tick does what this one did not. */
export class TickSchedule extends Construct {
  constructor(scope: Construct, id: string, props: TickScheduleProps) {
    super(scope, id);
    const { groupId, coordinator, enabled = true, event = {} } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Lets the scheduler invoke the coordinator of ${groupId}`,
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [coordinator.functionArn] }),
    );
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: props.description ?? `Tick of connect cluster ${groupId}`,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      state: enabled ? 'ENABLED' : 'DISABLED',
      target: {
        arn: coordinator.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify(event),
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(role);
  }
}

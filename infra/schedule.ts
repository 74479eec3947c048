import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface TickScheduleProps {
  readonly groupId: string;
  readonly coordinator: IFunction;
  /** @default true */
  readonly enabled?: boolean;
}

/** Ticks the coordinator once a minute. No retries: the next tick does what this one did not. */
export class TickSchedule extends Construct {
  constructor(scope: Construct, id: string, { groupId, coordinator, enabled = true }: TickScheduleProps) {
    super(scope, id);
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
      description: `Tick of connect cluster ${groupId}`,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      state: enabled ? 'ENABLED' : 'DISABLED',
      target: {
        arn: coordinator.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(role);
  }
}

import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type FileSystem,
  Function as LambdaFunction,
  type IDestination,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { bundle, type Entry } from './bundling.ts';
import { nodeOptions } from './function-memory.ts';

export interface SluiceFunctionProps {
  readonly functionName: string;
  /** What it does, or what it moves: shown in the console's list. */
  readonly description: string;
  readonly entry: Omit<Entry, 'name'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly statements: readonly PolicyStatement[];
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * Where events go that could not be delivered. Given, events are tried once and live a minute: the coordinator
   * owns the retries.
   * @default Lambda's own retries
   */
  readonly onFailure?: IDestination;
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: readonly ISecurityGroup[];
  readonly filesystem?: FileSystem;
}

/** A function as all of ours are: its own role and log group, arm64, ES modules. */
export class SluiceFunction extends Construct {
  readonly function: LambdaFunction;
  /** Changes when the code does. */
  readonly codeVersion: string;

  constructor(scope: Construct, id: string, props: SluiceFunctionProps) {
    super(scope, id);
    const {
      functionName,
      description,
      entry,
      environment,
      memorySize,
      timeout,
      vpc,
      vpcSubnets,
      securityGroups,
      filesystem,
    } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#role(props, logGroup);
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: description.slice(0, 256),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundle(this, { name: functionName, ...entry }),
      environment: { NODE_OPTIONS: nodeOptions(memorySize), ...environment },
      memorySize,
      timeout,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(vpc ? { vpc, vpcSubnets, securityGroups: securityGroups && [...securityGroups] } : {}),
      ...(filesystem ? { filesystem } : {}),
      ...(props.onFailure
        ? { onFailure: props.onFailure, retryAttempts: 0, maxEventAge: Duration.seconds(60) }
        : {}),
    });
    const asset = this.function.node.tryFindChild('Code') as Asset | undefined;
    this.codeVersion = asset?.assetHash ?? 'inline';
    this.#acknowledge(props.onFailure !== undefined);
  }

  #role({ functionName, statements, vpc }: SluiceFunctionProps, logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Execution role of function ${functionName}`,
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of statements) role.addToPolicy(statement);
    if (vpc !== undefined) {
      role.addManagedPolicy(
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'),
      );
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]',
        reason:
          'Network interfaces of functions in a VPC cannot be limited to resources; this is the policy AWS keeps for them.',
      });
    }
    return role;
  }

  #acknowledge(hasDestination: boolean): void {
    Validations.of(this.function).acknowledge(
      {
        id: 'Serverless-LambdaTracing',
        reason:
          'X-Ray needs permissions on every resource. Runs are followed by connector, task and epoch in their log lines.',
      },
      {
        id: 'Serverless-LambdaDLQ',
        reason: hasDestination
          ? 'The on-failure destination is the dead-letter queue, and tells more of a failure.'
          : 'CloudFormation is told every failure as the answer to its request.',
      },
    );
  }
}

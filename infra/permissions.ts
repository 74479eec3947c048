import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ConnectorConfig } from '../lib/api/config.ts';

const readActions = ['dynamodb:GetItem', 'dynamodb:Query'];
const writeActions = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

/** For the coordinator and the herder, who look after every connector. */
export const wholeTable = (tableArn: string): PolicyStatement =>
  new PolicyStatement({ actions: [...readActions, ...writeActions], resources: [tableArn] });

/** A connector's function reads the list of connectors, and writes nothing but what belongs to its own. */
export function tableOfConnector(tableArn: string, connector: string): PolicyStatement[] {
  const onPartitions = (actions: string[], partitions: string[]): PolicyStatement =>
    new PolicyStatement({
      actions,
      resources: [tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions } },
    });
  return [
    onPartitions(['dynamodb:GetItem'], ['connectors']),
    onPartitions(
      [...readActions, ...writeActions],
      [`connector#${connector}`, `offsets#${connector}`, `history#${connector}`],
    ),
  ];
}

export const invoke = (functionArns: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...functionArns] });

/** Reading what the config's placeholders stand for: `${secretsmanager:name:key}` and `${ssm:path:key}`. */
export function secretsOf(scope: Construct, config: ConnectorConfig): PolicyStatement[] {
  const stack = Stack.of(scope);
  const text = Object.values(config).join('\n');
  const secrets = [...text.matchAll(/\$\{secretsmanager:([^:}]+)(?::[^}]*)?\}/g)].map(([, name]) =>
    // Secrets Manager appends six characters of its own to each name.
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const parameters = [...text.matchAll(/\$\{ssm:([^}]+)\}/g)].map(([, path = '']) =>
    stack.formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: path.replace(':', '/').replace(/^\//, ''),
    }),
  );
  return [
    statement('secretsmanager:GetSecretValue', secrets),
    statement('ssm:GetParameter', parameters),
  ].flat();
}

const statement = (action: string, resources: readonly string[]): PolicyStatement[] =>
  resources.length === 0
    ? []
    : [new PolicyStatement({ actions: [action], resources: [...new Set(resources)] })];

/** Variables that `${env:NAME}` placeholders need. */
export const variablesOf = (config: ConnectorConfig): string[] => [
  ...new Set(
    [
      ...Object.values(config)
        .join('\n')
        .matchAll(/\$\{env:([^}]+)\}/g),
    ].map(([, name = '']) => name),
  ),
];

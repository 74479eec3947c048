import { delimiter, join } from 'node:path';
import { kafkaClassPath } from '../../test/real/servers/kafka.ts';
import { installJars } from '../../test/real/servers/maven-jars.ts';

const version = '4.3.1';
const debeziumVersion = '3.7.0.Final';

/** The class path of kafkaClassPath() and, behind it, the perf tools and the FileStream connectors. */
export const javaClassPath = async (): Promise<string> =>
  [
    await kafkaClassPath(),
    join(
      await installJars(`kafka-tools-${version}`, [
        `org.apache.kafka:kafka-tools:${version}`,
        `org.apache.kafka:connect-file:${version}`,
      ]),
      '*',
    ),
  ].join(delimiter);

/** With Debezium's connector behind it. Only for those who use it: a worker looks through all jars when it starts. */
export const withDebezium = async (classPath: string): Promise<string> =>
  [
    classPath,
    join(
      await installJars(`debezium-${debeziumVersion}`, [
        `io.debezium:debezium-connector-postgres:${debeziumVersion}`,
      ]),
      '*',
    ),
  ].join(delimiter);

/** The options of Kafka's own start scripts. */
export const javaOptions = (classPath: string, heap: readonly string[]): string[] => [
  ...heap,
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-cp',
  classPath,
];

/** What a Kafka Connect or producer user sets where throughput counts. */
export const tunedProducer: readonly string[] = ['batch.size=262144', 'linger.ms=5'];

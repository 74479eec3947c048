import { ConfigError } from '../api/errors.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ConnectRecord } from '../api/record.ts';
import type { Predicate, Transformation } from '../api/transform.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { listOf, withPrefix } from './config-prefix.ts';

/** One step: a transformation and the condition under which it applies. */
interface Step {
  readonly class: string;
  readonly transformation: Transformation;
  readonly predicate: Predicate | null;
  readonly negate: boolean;
}

/** The `transforms` of a connector, in their order. One object a task. */
export class TransformationChain {
  readonly steps: readonly Step[];
  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  /** Null: a step dropped the record. Throws what a step throws. */
  apply<R extends ConnectRecord>(record: R): R | null {
    let current: R | null = record;
    for (const step of this.steps) {
      current = applyStep(step, current);
      if (current === null) return null;
    }
    return current;
  }

  close(): void {
    for (const { transformation, predicate } of this.steps) {
      transformation.close?.();
      predicate?.close?.();
    }
  }
}

/** The predicate sees the record as changed by the steps before. */
export function applyStep<R extends ConnectRecord>(step: Step, record: R): R | null {
  if (step.predicate !== null && step.predicate.test(record) === step.negate) return record;
  return step.transformation.apply(record);
}

/** Builds the chain from a connector's config; throws a ConfigError for what cannot work. */
export function createTransformationChain(
  config: ConnectorConfig,
  registry: PluginRegistry,
): TransformationChain {
  const predicates = new Map<string, Predicate>();
  for (const alias of listOf(config['predicates'])) {
    const options = withPrefix(config, `predicates.${alias}.`);
    predicates.set(
      alias,
      registry
        .predicate(required(options, 'type', `predicates.${alias}.type`))
        .create(without(options, ['type'])),
    );
  }
  const steps = listOf(config['transforms']).map((alias): Step => {
    const options = withPrefix(config, `transforms.${alias}.`);
    const plugin = registry.transformation(required(options, 'type', `transforms.${alias}.type`));
    const condition = options['predicate'];
    const predicate = condition === undefined ? null : predicates.get(condition);
    if (predicate === undefined) {
      throw ConfigError.invalid(
        `transforms.${alias}.predicate`,
        condition,
        `no predicate has that alias; \`predicates\` lists ${[...predicates.keys()].join(', ') || 'none'}`,
      );
    }
    const transformation = plugin.create(without(options, ['type', 'predicate', 'negate']));
    return {
      class: plugin.class,
      transformation,
      predicate,
      negate: options['negate']?.toLowerCase() === 'true',
    };
  });
  return new TransformationChain(steps);
}

function required(options: ConnectorConfig, key: string, fullKey: string): string {
  const value = options[key];
  if (value === undefined)
    throw new ConfigError(`Missing required configuration "${fullKey}" which has no default value.`);
  return value;
}

const without = (options: ConnectorConfig, keys: readonly string[]): ConnectorConfig =>
  Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));

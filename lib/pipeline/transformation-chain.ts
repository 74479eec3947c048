import { ConnectError, toConnectError } from '../api/errors.ts';
import { type ConnectorConfig, isTrue } from '../api/config.ts';
import type { ConnectRecord } from '../api/record.ts';
import type { Predicate, Transformation } from '../api/transform.ts';
import { checkChainConfig, stepKeys } from '../plugins/chain-config.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { listOf, withPrefix } from './config-prefix.ts';
import { SideChanges } from './side-changes.ts';

/** One step: a transformation and the condition under which it applies. */
export interface Step {
  /** Its name in `transforms`. */
  readonly alias: string;
  readonly class: string;
  readonly transformation: Transformation;
  readonly predicate: Predicate | null;
  readonly negate: boolean;
}

/** The `transforms` of a connector, in their order. One object a task. */
export class TransformationChain {
  readonly steps: readonly Step[];
  readonly #stretches: readonly Stretch[];
  constructor(steps: readonly Step[]) {
    this.steps = steps;
    this.#stretches = stretchesOf(steps);
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  /** Null: a step dropped the record. Throws what a step throws. */
  apply<R extends ConnectRecord>(record: R): R | null {
    let current: R | null = record;
    for (const stretch of this.#stretches) {
      current = stretch instanceof SideChanges ? stretch.apply(current) : applyStep(stretch, current);
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

/** One step, or several in a row that change nothing but the same side of the record, whatever the record. */
type Stretch = Step | SideChanges;

function stretchesOf(steps: readonly Step[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const step of steps) {
    const change = step.predicate === null ? step.transformation.sideChange : undefined;
    const last = stretches.at(-1);
    if (change === undefined) stretches.push(step);
    else if (last instanceof SideChanges && last.side === change.side)
      stretches[stretches.length - 1] = last.followedBy(change);
    else stretches.push(new SideChanges(change.side, [change]));
  }
  return stretches;
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
  checkChainConfig(config, registry);
  const predicates = new Map<string, Predicate>();
  for (const alias of listOf(config['predicates'])) {
    const options = withPrefix(config, `predicates.${alias}.`);
    const plugin = registry.predicate(options['type'] ?? '');
    predicates.set(
      alias,
      configured(() => plugin.create(without(options, stepKeys))),
    );
  }
  const steps = listOf(config['transforms']).map((alias): Step => {
    const options = withPrefix(config, `transforms.${alias}.`);
    const plugin = registry.transformation(options['type'] ?? '');
    return {
      alias,
      class: plugin.class,
      transformation: configured(() => plugin.create(without(options, stepKeys))),
      predicate: conditionOf(options['predicate'], predicates),
      negate: isTrue(options['negate']),
    };
  });
  return new TransformationChain(steps);
}

/** What a plugin finds wrong with its options comes wrapped, as in Kafka Connect. */
function configured<T>(create: () => T): T {
  try {
    return create();
  } catch (thrown) {
    const { javaClass, message, hint } = toConnectError(thrown);
    throw new ConnectError(`${javaClass}: ${message}`, {
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function conditionOf(
  alias: string | undefined,
  predicates: ReadonlyMap<string, Predicate>,
): Predicate | null {
  if (alias === undefined) return null;
  const predicate = predicates.get(alias);
  if (predicate !== undefined) return predicate;
  const connect = 'org.apache.kafka.connect.errors.ConnectException';
  const config = 'org.apache.kafka.common.config.ConfigException';
  throw new ConnectError(
    `${connect}: ${config}: Unknown configuration 'predicates.${alias}.plugin.version'`,
    {
      hint: `\`predicates\` has no alias ${alias}: it lists ${[...predicates.keys()].join(', ') || 'none'}.`,
    },
  );
}

const without = (options: ConnectorConfig, keys: readonly string[]): ConnectorConfig =>
  Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));

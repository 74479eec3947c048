import type { ConnectorPlugin, Plugin } from '../api/connector.ts';
import type { PluginContext, SinkTaskContext, SourceTaskContext } from '../api/context.ts';
import { ConnectError } from '../api/errors.ts';
import type { ConfigProviders } from '../config-providers/placeholders.ts';
import { systemClock } from '../foundation/clock.ts';

/** One watched object: how many of its hooks are at work, and how many of its calls wait for the framework. */
interface Counter {
  hooks: number;
  outside: number;
}

const patienceMs = 20_000;

/**
 * Knows when plugins do real work (read a file, ask a database), so that a virtual clock can stand still meanwhile.
 * A hook that waits for the framework, on its clock or its offsets, is not at work.
 */
export class RealWorkWatch {
  readonly #counters = new Set<Counter>();
  #changed = Promise.withResolvers<void>();

  watch<P extends Plugin>(plugin: P): P {
    return plugin.kind === 'source' || plugin.kind === 'sink' ? (this.#connector(plugin) as P) : plugin;
  }

  providers(providers: ConfigProviders): ConfigProviders {
    const entries = Object.entries(providers).map(([name, provider]) => [name, this.#watched(provider)]);
    return Object.fromEntries(entries) as ConfigProviders;
  }

  /** Resolves once no hook is at work; true if it had to be waited for. */
  async idle(): Promise<boolean> {
    if (!this.#isBusy()) return false;
    const patience = new AbortController();
    const tooLong = systemClock.sleep(patienceMs, patience.signal).then(
      () => 'too long' as const,
      () => 'idle' as const,
    );
    while (this.#isBusy()) {
      if ((await Promise.race([this.#changed.promise, tooLong])) === 'too long') {
        throw new ConnectError(`A hook of a plugin has not answered for ${patienceMs / 1000} s`, {
          hint: 'Let it wait on context.clock, and pass context.signal to every I/O call.',
        });
      }
    }
    patience.abort();
    await tooLong;
    return true;
  }

  #isBusy(): boolean {
    return [...this.#counters].some(({ hooks, outside }) => hooks > 0 && outside === 0);
  }

  #connector(plugin: ConnectorPlugin): ConnectorPlugin {
    const loading: Counter = { hooks: 0, outside: 0 };
    this.#counters.add(loading);
    const load = async <T extends object>(make: () => Promise<T>): Promise<T> =>
      this.#watched(await this.#count(loading, 'hooks', make));
    return plugin.kind === 'source'
      ? { ...plugin, connector: () => load(() => plugin.connector()), task: () => load(() => plugin.task()) }
      : { ...plugin, connector: () => load(() => plugin.connector()), task: () => load(() => plugin.task()) };
  }

  #watched<T extends object>(target: T): T {
    const counter: Counter = { hooks: 0, outside: 0 };
    this.#counters.add(counter);
    return new Proxy(target, {
      get: (object, name) => {
        const hook: unknown = Reflect.get(object, name);
        if (typeof hook !== 'function') return hook;
        return (...args: unknown[]): unknown => {
          const seen = args.map((arg) => (isContext(arg) ? this.#context(arg, counter) : arg));
          return this.#count(counter, 'hooks', () => Reflect.apply(hook, object, seen) as unknown);
        };
      },
    });
  }

  /** The same context, its waiting calls counted. */
  #context(context: PluginContext, counter: Counter): PluginContext {
    const outside = <A extends unknown[], R>(
      call: (...args: A) => Promise<R>,
    ): ((...args: A) => Promise<R>) => {
      return async (...args) => this.#count(counter, 'outside', () => call(...args));
    };
    const { clock } = context;
    const { offsets, errantRecordReporter } = context as Partial<SourceTaskContext & SinkTaskContext>;
    return {
      ...context,
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        sleep: outside(clock.sleep.bind(clock)),
      },
      ...(offsets && {
        offsets: {
          get: outside(offsets.get.bind(offsets)),
          getAll: outside(offsets.getAll.bind(offsets)),
          ...(offsets.peek && { peek: outside(offsets.peek.bind(offsets)) }),
        },
      }),
      ...(errantRecordReporter && {
        errantRecordReporter: { report: outside(errantRecordReporter.report.bind(errantRecordReporter)) },
      }),
    } as PluginContext;
  }

  /** A synchronous answer stays one: what is done at once is no work to wait for. */
  #count<R>(counter: Counter, what: keyof Counter, call: () => R): R {
    const answer = call();
    if (!(answer instanceof Promise)) return answer;
    this.#add(counter, what, 1);
    return answer.finally(() => this.#add(counter, what, -1)) as R;
  }

  #add(counter: Counter, what: keyof Counter, by: number): void {
    counter[what] += by;
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

const isContext = (value: unknown): value is PluginContext =>
  typeof value === 'object' && value !== null && 'clock' in value && 'signal' in value && 'log' in value;

import type { ConfigKey, ConfigKeys, Importance, Recommender, Validator } from './config-key.ts';

export interface EmbedOptions {
  /** Goes before each key: `transforms.cast.`. */
  readonly prefix: string;
  readonly group: string;
  /** Place of the first key in the group. */
  readonly startingOrder: number;
}

/**
 * The keys of one definition as part of a larger one, as ConfigDef.embed does: sorted, and with validators and
 * recommenders that see names without the prefix, so that messages name the key the plugin knows.
 */
export function embedKeys(keys: ConfigKeys, { prefix, group, startingOrder }: EmbedOptions): ConfigKeys {
  return Object.fromEntries(
    sorted(keys).map(([name, key], index) => [
      prefix + name,
      {
        ...key,
        displayName: key.displayName ?? name,
        group: key.group === undefined ? group : `${group}: ${key.group}`,
        orderInGroup: startingOrder + index,
        ...(key.validator && { validator: withoutPrefix(key.validator, prefix) }),
        ...(key.dependents && { dependents: key.dependents.map((dependent) => prefix + dependent) }),
        ...(key.recommender && { recommender: recommendUnder(key.recommender, prefix) }),
      },
    ]),
  );
}

/** Kafka no longer knows a validator of lists behind a prefix, so that there duplicates are an error (KIP-1161). */
const withoutPrefix = (base: Validator, prefix: string): Validator => ({
  description: base.description,
  ensureValid: (name, value, type) => base.ensureValid(name.slice(prefix.length), value, type),
});

function recommendUnder(base: Recommender, prefix: string): Recommender {
  const own = (parsed: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(parsed)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  return {
    validValues: (name, parsed) => base.validValues(name.slice(prefix.length), own(parsed)),
    visible: (name, parsed) => base.visible(name.slice(prefix.length), own(parsed)),
  };
}

const importances: readonly Importance[] = ['HIGH', 'MEDIUM', 'LOW'];

/** ConfigDef's order: by group, place in it, required ones first, importance, name; behind all of them extensions. */
function sorted(keys: ConfigKeys): [string, ConfigKey][] {
  const groups = [undefined, ...new Set(Object.values(keys).flatMap(({ group }) => group ?? []))];
  return Object.entries(keys).toSorted(
    ([nameA, a], [nameB, b]) =>
      Number(a.extension === true) - Number(b.extension === true) ||
      groups.indexOf(a.group) - groups.indexOf(b.group) ||
      (a.orderInGroup ?? -1) - (b.orderInGroup ?? -1) ||
      Number(a.default !== undefined) - Number(b.default !== undefined) ||
      importances.indexOf(a.importance) - importances.indexOf(b.importance) ||
      (nameA < nameB ? -1 : 1),
  );
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attribute, Condition, Update } from '../table.ts';
import { toAttributeValue } from './attribute-value.ts';

/** The parts of a request that expressions make up; absent where empty, as DynamoDB refuses empty ones. */
export interface Expressions {
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Compiles a condition and an update. Every name is a placeholder, since many of ours are reserved words. */
export function expressions(condition: Condition | undefined, update: Update = {}): Expressions {
  const placeholders = new Placeholders();
  const updateExpression = compileUpdate(update, placeholders);
  const conditionExpression = condition && compileCondition(condition, placeholders);
  return {
    ...(conditionExpression ? { ConditionExpression: conditionExpression } : {}),
    ...(updateExpression ? { UpdateExpression: updateExpression } : {}),
    ...placeholders.maps(),
  };
}

/** Hands out `#n` for names and `:v` for values. */
class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, AttributeValue>();

  name(attribute: string): string {
    const known = this.#names.get(attribute) ?? `#n${this.#names.size}`;
    this.#names.set(attribute, known);
    return known;
  }

  value(attribute: string, value: Attribute): string {
    const placeholder = `:v${this.#values.size}`;
    this.#values.set(placeholder, toAttributeValue(value, attribute));
    return placeholder;
  }

  maps(): Pick<Expressions, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
    const names = Object.fromEntries(
      [...this.#names].map(([attribute, placeholder]) => [placeholder, attribute]),
    );
    return {
      ...(this.#names.size > 0 ? { ExpressionAttributeNames: names } : {}),
      ...(this.#values.size > 0 ? { ExpressionAttributeValues: Object.fromEntries(this.#values) } : {}),
    };
  }
}

function compileCondition(condition: Condition, placeholders: Placeholders): string {
  const compare = (attribute: string, operator: string, value: Attribute): string =>
    `${placeholders.name(attribute)} ${operator} ${placeholders.value(attribute, value)}`;
  const parts = (conditions: readonly Condition[]): string[] =>
    conditions.map((part) => compileCondition(part, placeholders));
  if ('exists' in condition) return `attribute_exists(${placeholders.name(condition.exists)})`;
  if ('absent' in condition) return `attribute_not_exists(${placeholders.name(condition.absent)})`;
  if ('equals' in condition) return compare(condition.equals[0], '=', condition.equals[1]);
  if ('less' in condition) return compare(condition.less[0], '<', condition.less[1]);
  if ('atMost' in condition) return compare(condition.atMost[0], '<=', condition.atMost[1]);
  if ('more' in condition) return compare(condition.more[0], '>', condition.more[1]);
  if ('all' in condition) return join(parts(condition.all), 'AND', placeholders);
  if ('any' in condition) return join(parts(condition.any), 'OR', placeholders);
  const [attribute, values] = condition.in;
  return join(
    values.map((value) => compare(attribute, '=', value)),
    'OR',
    placeholders,
  );
}

/** DynamoDB refuses redundant parentheses and knows no constants: nothing AND-ed is true, nothing OR-ed is false. */
function join(parts: readonly string[], operator: 'AND' | 'OR', placeholders: Placeholders): string {
  if (parts.length > 0) return parts.length === 1 ? parts.join() : `(${parts.join(` ${operator} `)})`;
  const pk = placeholders.name('pk');
  return `(attribute_exists(${pk}) ${operator === 'AND' ? 'OR' : 'AND'} attribute_not_exists(${pk}))`;
}

function compileUpdate({ set = {}, add = {}, remove = [] }: Update, placeholders: Placeholders): string {
  const operand = (attribute: string, value: Attribute, between: string): string =>
    `${placeholders.name(attribute)}${between}${placeholders.value(attribute, value)}`;
  const sets = Object.entries(set).map(([attribute, value]) => operand(attribute, value, ' = '));
  const adds = Object.entries(add).map(([attribute, by]) => operand(attribute, by, ' '));
  const removes = remove.map((attribute) => placeholders.name(attribute));
  return [clause('SET', sets), clause('ADD', adds), clause('REMOVE', removes)]
    .filter((text) => text !== '')
    .join(' ');
}

const clause = (verb: string, parts: readonly string[]): string =>
  parts.length > 0 ? `${verb} ${parts.join(', ')}` : '';

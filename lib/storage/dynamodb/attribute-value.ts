import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attribute, Item } from '../table.ts';

/** Our attributes to DynamoDB's and back. Numbers stay numbers; binary and sets are never written. */
export function toAttributeValue(value: Attribute, name: string): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (isList(value))
    return { L: value.map((element, index) => toAttributeValue(element, `${name}[${index}]`)) };
  if (typeof value === 'object') return { M: toMap(value, name) };
  throw new TypeError(`Attribute ${name} is ${String(value)}, which a table cannot store`);
}

export const toItem = (item: Item): Record<string, AttributeValue> => toMap(item, 'item');

export function fromItem(stored: Record<string, AttributeValue>): Item {
  return fromMap(stored) as Item;
}

function toMap(map: { readonly [name: string]: Attribute }, path: string): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, toAttributeValue(value, `${path}.${name}`)]),
  );
}

function fromMap(map: Record<string, AttributeValue>): { readonly [name: string]: Attribute } {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fromAttributeValue(value)]));
}

function fromAttributeValue(value: AttributeValue): Attribute {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(fromAttributeValue);
  if (value.M !== undefined) return fromMap(value.M);
  throw new TypeError(
    `Attributes of type ${Object.keys(value).join()} are not written by Sluice: somebody else changed the table`,
  );
}

const isList = (value: Attribute): value is readonly Attribute[] => Array.isArray(value);

import * as logical from '../../../lib/api/data/logical.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import * as values from '../../../lib/api/data/values.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { decodeSchema, type TaggedSchema } from '../codec/decode-schema.ts';
import { decodeValue } from '../codec/decode-value.ts';
import { encodeSchema, encodeValue } from '../codec/encode.ts';
import { Unsupported, type VectorCase } from '../vector-case.ts';
import { encodeResult } from './converter.ts';

interface Conversion {
  readonly result: schemas.Schema | null;
  convert(schema: schemas.Schema | null, value: ConnectValue, scale: number): ConnectValue;
}

const conversions: Readonly<Record<string, Conversion>> = {
  convertToBoolean: { result: schemas.booleanSchema, convert: values.convertToBoolean },
  convertToByte: { result: schemas.int8Schema, convert: values.convertToByte },
  convertToShort: { result: schemas.int16Schema, convert: values.convertToShort },
  convertToInteger: { result: schemas.int32Schema, convert: values.convertToInteger },
  convertToLong: { result: schemas.int64Schema, convert: values.convertToLong },
  convertToFloat: { result: schemas.float32Schema, convert: values.convertToFloat },
  convertToDouble: { result: schemas.float64Schema, convert: values.convertToDouble },
  convertToString: { result: schemas.stringSchema, convert: values.convertToString },
  convertToList: { result: null, convert: values.convertToList },
  convertToMap: { result: null, convert: values.convertToMap },
  convertToDate: { result: logical.dateSchema, convert: values.convertToDate },
  convertToTime: { result: logical.timeSchema, convert: values.convertToTime },
  convertToTimestamp: { result: logical.timestampSchema, convert: values.convertToTimestamp },
  convertToDecimal: { result: null, convert: values.convertToDecimal },
  convertToStruct: { result: null, convert: values.convertToStruct },
};

export function valuesKind({ op = '', input }: VectorCase): unknown {
  if (op === 'parseString') return encodeResult(values.parseString(input as string));
  const {
    schema: tagged,
    value: taggedValue,
    scale = 0,
  } = input as { schema: TaggedSchema | null; value: unknown; scale?: number };
  const schema = decodeSchema(tagged);
  const value = decodeValue(taggedValue, schema);
  if (op === 'inferSchema') return encodeSchema(values.inferSchema(value));
  const conversion = conversions[op];
  if (conversion === undefined) throw new Unsupported(`values op ${op}`);
  const result = op === 'convertToStruct' ? schema : conversion.result;
  return encodeValue(conversion.convert(schema, value, scale), result);
}

import type { ConverterPlugin, HeaderConverterPlugin } from '../api/converter.ts';
import { booleanConverter } from './boolean-converter.ts';
import { byteArrayConverter } from './byte-array-converter.ts';
import { jsonConverter } from './json-converter.ts';
import {
  doubleConverter,
  floatConverter,
  integerConverter,
  longConverter,
  shortConverter,
} from './number-converters.ts';
import { simpleHeaderConverter } from './simple-header-converter.ts';
import { stringConverter } from './string-converter.ts';

/** The converters of Apache Kafka. */
export const converterPlugins: readonly (ConverterPlugin | HeaderConverterPlugin)[] = [
  jsonConverter,
  stringConverter,
  byteArrayConverter,
  shortConverter,
  integerConverter,
  longConverter,
  floatConverter,
  doubleConverter,
  booleanConverter,
  simpleHeaderConverter,
];

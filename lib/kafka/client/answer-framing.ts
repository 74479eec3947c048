import { connectionError } from './connection-error.ts';

/** What the bytes of a connection become. */
export interface AnswerTaker {
  /** The correlation id of the answer that comes next; undefined: none is due. */
  due(): number | undefined;
  /** That answer, behind its correlation id. Nobody else has the memory: records that are views on it stay as they are. */
  answered(body: Buffer): void;
}

/**
 * Far above what is ever asked for, and above the 100 MiB (socket.request.max.bytes) that brokers take in one request,
 * which is how large a single batch can be. The first bytes of TLS or HTTP, read as a length, are larger.
 */
export const maxAnswerBytes = 256 * 1024 * 1024;

const lengthBytes = 4;
/** The length and the correlation id, which the length counts in. */
const headBytes = 8;
/** Of a larger answer as much is copied, once; what TLS decrypts at a time. */
const scratchBytes = 16 * 1024;

/**
 * Cuts the bytes of a connection into answers: four bytes of length, four of correlation id, the body. The socket
 * reads to where `room` says: small answers come into a buffer that is used again and again, and are copied out of it;
 * of a larger one all that has not come yet is read to where it stays.
 */
export class AnswerFraming {
  readonly #broker: string;
  readonly #taker: AnswerTaker;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  /** Bytes of a head that has not come as a whole, at the front of the scratch buffer. */
  #kept = 0;
  #body: Buffer | undefined;
  #filled = 0;

  constructor(broker: string, taker: AnswerTaker) {
    this.#broker = broker;
    this.#taker = taker;
  }

  /** Where the next bytes are to be read to; never empty. */
  room(): Buffer {
    return this.#body?.subarray(this.#filled) ?? this.#scratch.subarray(this.#kept);
  }

  /** So many bytes have been read to `room`. Throws KafkaError for what cannot be an answer: the connection is lost. */
  read(count: number): void {
    if (this.#body === undefined) {
      this.#cut(this.#kept + count);
      return;
    }
    this.#filled += count;
    if (this.#filled < this.#body.length) return;
    const body = this.#body;
    this.#body = undefined;
    this.#taker.answered(body);
  }

  #cut(end: number): void {
    let at = 0;
    this.#kept = 0;
    while (end - at >= lengthBytes) {
      const size = this.#sizeAt(at, end);
      if (end - at < headBytes) break;
      this.#checkDue(this.#scratch.readInt32BE(at + lengthBytes));
      at += headBytes;
      const body = Buffer.allocUnsafe(size);
      const here = this.#scratch.copy(body, 0, at, Math.min(at + size, end));
      at += here;
      if (here < size) {
        this.#body = body;
        this.#filled = here;
        return;
      }
      this.#taker.answered(body);
    }
    this.#scratch.copyWithin(0, at, end);
    this.#kept = end - at;
  }

  /** Of the body. */
  #sizeAt(at: number, end: number): number {
    const length = this.#scratch.readInt32BE(at);
    const size = length + lengthBytes - headBytes;
    if (size >= 0 && size <= maxAnswerBytes) return size;
    throw connectionError(
      `Broker ${this.#broker} sent ${describe(this.#scratch.subarray(at, Math.min(end, at + 16)))} where an answer of Kafka was due`,
      {
        hint: 'Check that this is the port of a Kafka listener, and that TLS is on where its listener has it.',
      },
    );
  }

  /** Brokers answer the requests of a connection in the order they came. */
  #checkDue(correlationId: number): void {
    const due = this.#taker.due();
    if (correlationId === due) return;
    throw connectionError(
      `Broker ${this.#broker} sent the answer to request ${correlationId}, where ${due === undefined ? 'none' : `that to ${due}`} was due`,
    );
  }
}

function describe(bytes: Buffer): string {
  if (bytes.toString('latin1', 0, 4) === 'HTTP') return 'an answer in HTTP';
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return 'a TLS alert';
  return `bytes that are no length (${bytes.toString('hex')})`;
}

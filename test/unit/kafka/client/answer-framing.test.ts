import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerFraming, maxAnswerBytes } from '../../../../lib/kafka/client/answer-framing.ts';
import { KafkaError } from '../../../../lib/kafka/kafka-error.ts';

/** As they come from a broker, one after the other. */
function answersOf(bodies: readonly Uint8Array[], firstId = 0): Buffer {
  return Buffer.concat(
    bodies.flatMap((body, index) => {
      const head = Buffer.alloc(8);
      head.writeInt32BE(body.length + 4);
      head.writeInt32BE(firstId + index, 4);
      return [head, body];
    }),
  );
}

/** What a framing makes of the bytes, of which the socket has so many at a time. */
class Reader {
  readonly bodies: Buffer[] = [];
  readonly #framing = new AnswerFraming('b:1', {
    due: () => this.bodies.length,
    answered: (body) => this.bodies.push(body),
  });

  /** As a socket does: fills the room it is given, and asks for the next. */
  receive(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const room = this.#framing.room();
      const count = Math.min(room.length, bytes.length - at);
      room.set(bytes.subarray(at, at + count));
      this.#framing.read(count);
      at += count;
    }
  }

  get room(): Buffer {
    return this.#framing.room();
  }
}

const failureOf = (bytes: Uint8Array): unknown => {
  const reader = new Reader();
  try {
    reader.receive(bytes);
  } catch (error) {
    return error;
  }
  return reader.bodies;
};

describe('the framing of answers', () => {
  const body = fc
    .tuple(fc.oneof(fc.nat(40), fc.nat(20_000), fc.nat(200_000)), fc.nat(255))
    .map(([size, first]) => Buffer.from(Uint8Array.from({ length: size }, (_, at) => first + at * 7)));

  it('gives the same answers however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 }))),
        (bodies, sizes) => {
          const bytes = answersOf(bodies);
          const reader = new Reader();
          for (let at = 0; at < bytes.length; ) {
            const size: number = sizes.next().value;
            reader.receive(bytes.subarray(at, at + size));
            at += size;
          }
          expect(reader.bodies.length).toBe(bodies.length);
          for (const [index, each] of bodies.entries()) expect(each.equals(reader.bodies[index]!)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives the same small answers at every two cuts, and when the bytes come one by one', () => {
    const bodies = ['', 'a', 'bcdefghij', '', 'k'].map((text) => Buffer.from(text));
    const bytes = answersOf(bodies);
    const read = (pieces: Iterable<Uint8Array>): Buffer[] => {
      const reader = new Reader();
      for (const piece of pieces) reader.receive(piece);
      return reader.bodies;
    };
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++)
        expect(
          read([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]),
        ).toEqual(bodies);
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(bodies);
  });

  it('lets the socket read a large answer to where it stays, in memory of just its size', () => {
    const large = Buffer.alloc(1_000_000, 'x');
    const reader = new Reader();
    const bytes = answersOf([large]);
    reader.receive(bytes.subarray(0, 16 * 1024));
    const { room } = reader;
    expect(room.length).toBe(bytes.length - 16 * 1024);
    reader.receive(bytes.subarray(16 * 1024));
    const [answer] = reader.bodies;
    expect(answer?.equals(large)).toBe(true);
    expect(answer?.buffer).toBe(room.buffer);
    expect(answer?.buffer.byteLength).toBe(large.length);
  });

  it('leaves an answer as it is when others come after it', () => {
    const reader = new Reader();
    const bodies = Array.from({ length: 50 }, (_, index) => Buffer.alloc(1_000, index));
    for (const [index, each] of bodies.entries()) reader.receive(answersOf([each], index));
    expect(reader.bodies).toEqual(bodies);
  });

  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'an answer in HTTP'],
    ['a TLS alert, which is shorter than a head', Buffer.from('15030300020246', 'hex'), 'a TLS alert'],
    ['text', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), '(5353482d'],
    ['a negative length', Buffer.from('ffffffff00000000', 'hex'), '(ffffffff00000000)'],
    ['a length without room for the correlation id', Buffer.from('0000000300000000', 'hex'), '(00000003'],
  ])('asks whether this is Kafka when it gets %s', (_, bytes, words) => {
    const error = failureOf(bytes);
    expect(error).toBeInstanceOf(KafkaError);
    expect(error).toMatchObject({
      retriable: true,
      message: expect.stringContaining(words),
      hint: expect.stringMatching(/port of a Kafka listener.*TLS/),
    });
  });

  it('takes up to the largest length, and no more', () => {
    const head = (size: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(size + 4);
      return bytes;
    };
    expect(failureOf(head(maxAnswerBytes))).toEqual([]);
    expect(failureOf(head(maxAnswerBytes + 1))).toBeInstanceOf(KafkaError);
  });

  it.each([7, -1])(
    'refuses an answer to request %i, which is not due, before it takes memory for it',
    (id) => {
      const error = failureOf(answersOf([Buffer.alloc(100)], id).subarray(0, 8));
      expect(error).toMatchObject({
        kafkaName: 'NETWORK_EXCEPTION',
        retriable: true,
        message: `Broker b:1 sent the answer to request ${id}, where that to 0 was due`,
      });
    },
  );
});

import { errorOf } from '../error-codes.ts';
import type { CallOptions, GroupOffset } from '../ports.ts';
import { offsetCommitApi } from '../protocol/transaction-apis.ts';
import { Coordinator } from './coordinator.ts';
import { byTopic } from './group-by-leader.ts';
import type { AdminContext } from './topics-admin.ts';

const codes = { ok: 0, unknownMember: 25 } as const;
/** As a consumer that assigns its partitions itself: no member, no generation. */
const nobody = { generationId: -1, memberId: '' };
const membersHint =
  'Stop the consumers of the group: a Kafka Connect worker that still runs a connector of this name is one.';

/** Offsets stored for consumer groups without members. */
export class GroupCommits {
  readonly #admin: AdminContext;
  readonly #coordinators = new Map<string, Coordinator>();

  constructor(admin: AdminContext) {
    this.#admin = admin;
  }

  /** Throws for the first partition that cannot be stored, after all that can be were. */
  async commit(groupId: string, offsets: readonly GroupOffset[], call: CallOptions): Promise<void> {
    const coordinator = this.#coordinators.get(groupId) ?? new Coordinator(this.#admin, 'group', groupId);
    this.#coordinators.set(groupId, coordinator);
    let left = offsets;
    await coordinator.retried(call, async () => {
      if (left.length === 0) return;
      const topics = byTopic(left, ({ partition, offset }) => ({ partition, offset, metadata: '' }));
      const answer = await coordinator.ask(offsetCommitApi, { groupId, ...nobody, topics }, call);
      const failed = answer.topics.flatMap(({ topic, partitions }) =>
        partitions
          .filter(({ errorCode }) => errorCode !== codes.ok)
          .map(({ partition, errorCode }) => ({ topic, partition, errorCode })),
      );
      left = left.filter((offset) =>
        failed.some(({ topic, partition }) => topic === offset.topic && partition === offset.partition),
      );
      const [first] = failed;
      if (!first) return;
      const hint = first.errorCode === codes.unknownMember ? { hint: membersHint } : {};
      throw errorOf(first.errorCode, { ...first, ...hint });
    });
  }
}

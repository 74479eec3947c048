/*
 * The exactly-once protocol as a model: claim the run, claim the task, InitProducerId, look at the task again, claim and
 * read the offset, produce, commit in Kafka, bring the OFFSET item up to date, release.
 *
 * Any step of a run may be its last (crash) or come arbitrarily late (freeze; the coordinator may declare the run dead
 * meanwhile), and the answer to an init or a commit may be lost. A run may be invoked twice. The split changes once:
 * the one source partition moves from task 0 to task 1, which has another transactional id.
 *
 * Checked: rows are committed in order, none twice, none left out; a task never goes back to an older run; a partition
 * that is clean is as Kafka has it.
 *
 * Compiled with one of these it has a fault that must be found: NO_RECHECK, CLEAR_OWNER, COMMIT_BEFORE_ACK, CLEAN_LEFT,
 * FENCE_FIRST.
 */
#ifndef ROWS
#define ROWS 2
#endif
#define RUNS 3
#define RENEWALS 1

mtype = { ABSENT, GRANTED, STANDBY, DONE, DEAD };

/* TASK items; highestOwner is no part of the protocol, only of what is checked. */
byte owner[2];
byte generation[2];
bool released[2];
byte highestOwner[2];

/* RUN items, by epoch. */
mtype phase[RUNS + 1];

/* The OFFSET item. */
byte tableOffset;
byte tableEpoch;
bool clean = true;

/* Kafka: by transactional id the epoch of its producer and whether a transaction is open; and the offset record. */
byte producer[2];
bool open[2];
byte kafkaOffset;

#define isOver(e) (phase[e] == DONE || phase[e] == DEAD)
#define isLive(e) (phase[e] == GRANTED || phase[e] == STANDBY)
#define noneLive() (!isLive(1) && !isLive(2) && !isLive(3))

inline claimTask() {
  /* Waits for a predecessor that is at work: it releases the task or is declared dead. */
  if
  :: atomic {
       owner[t] < e && generation[t] == g && (owner[t] == 0 || released[t] || isOver(owner[t])) ->
       assert(e > highestOwner[t]);
       owner[t] = e;
       highestOwner[t] = e;
       released[t] = false
     }
  :: atomic { owner[t] > e || generation[t] != g || phase[e] == DEAD -> goto end }
  fi
}

/* Ends what was open under the id and fences who opened it. */
inline initProducer() {
  atomic { producer[t]++; my = producer[t]; open[t] = false }
}

inline lookAgain() {
#ifndef NO_RECHECK
  if
  :: atomic { owner[t] == e && generation[t] == g -> skip }
  :: atomic { owner[t] != e || generation[t] != g -> goto end }
  fi
#else
  skip
#endif
}

inline readOffset() {
  if
  :: atomic {
       tableEpoch <= e ->
       tableEpoch = e;
       position = tableOffset;
       isTrusted = clean;
#ifndef CLEAN_LEFT
       clean = false
#endif
     }
  :: atomic { tableEpoch > e -> goto end }
  fi;
  if
  :: isTrusted -> skip
  :: else -> position = kafkaOffset
  fi
}

/* One row and its offset in one transaction. */
inline commitRow() {
  if
  :: atomic { my == producer[t] -> open[t] = true }
  :: atomic { my != producer[t] -> goto renew }
  fi;
  if
  :: atomic {
       my == producer[t] && open[t] ->
       assert(kafkaOffset == position);
       kafkaOffset = position + 1;
       open[t] = false
     };
     if
     :: skip
     :: goto renew                  /* committed, but the answer is lost */
     fi
  :: atomic { my != producer[t] || !open[t] -> goto renew }
  :: true ->                        /* the request is lost, and so is what became of it */
#ifndef COMMIT_BEFORE_ACK
     goto renew
#else
     skip
#endif
  fi;
  position++
}

inline followInTable() {
  if
  :: atomic { tableEpoch <= e -> tableOffset = position }
  :: atomic { tableEpoch > e -> goto end }
  fi
}

inline release() {
  atomic {
    if
    :: tableEpoch == e -> clean = true; tableOffset = position
    :: else -> goto end
    fi
  };
  atomic {
    if
    :: owner[t] == e ->
       released[t] = true;
#ifdef CLEAR_OWNER
       owner[t] = 0
#endif
    :: else -> skip
    fi
  };
  atomic {
    if
    :: phase[e] == STANDBY -> phase[e] = DONE
    :: else -> skip
    fi
  }
}

proctype Run(byte e; byte t; byte g) {
  byte my;
  byte position;
  byte renewals;
  bool isTrusted;

  /* One invocation wins; a duplicate or late one ends. */
  if
  :: atomic { phase[e] == GRANTED -> phase[e] = STANDBY }
  :: atomic { phase[e] != GRANTED -> goto end }
  fi;
  claimTask();
begin:
  if
  :: skip
  :: goto end                       /* crash */
  fi;
  initProducer();
  lookAgain();
  readOffset();
  do
  :: position < ROWS ->
     commitRow();
     followInTable()
  :: break                          /* caught up, or told to yield */
  :: goto end                       /* crash */
  od;
  release();
  goto end;
renew:
  /* Fenced, or the outcome is not known: begin anew at the init, unless it goes on like that. */
  if
  :: renewals < RENEWALS -> renewals++; goto begin
  :: goto end
  fi;
end:
  /* Ended runs do not differ: fewer states to look at. */
  atomic { my = 0; position = 0; renewals = 0; isTrusted = false }
}

/* Grants runs, declares silent ones dead, and changes the split once, when no run is live. */
active proctype Coordinator() {
  byte epoch = 0;
  byte task = 0;

endOfAll:
  do
  :: epoch < RUNS ->
     epoch++;
     phase[epoch] = GRANTED;
     run Run(epoch, task, task);
     if
     :: epoch == 1 -> run Run(epoch, task, task)    /* invoked twice */
     :: skip
     fi
  :: atomic { isLive(1) -> phase[1] = DEAD }
  :: atomic { isLive(2) -> phase[2] = DEAD }
  :: epoch > 0 && task == 0 && noneLive() ->
#ifdef FENCE_FIRST
     atomic { producer[0]++; open[0] = false };
     generation[0] = 1;
     generation[1] = 1;
#else
     generation[0] = 1;
     generation[1] = 1;
     atomic { producer[0]++; open[0] = false };
#endif
     released[0] = true;
     task = 1
  od
}

package dev.rookery.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of scripts that were executed one after the other. They are handed over together, because
 * to wake up an event loop takes longer than most scripts: after at most {@link #SIZE_MAX}, or when
 * the first has waited for {@link #WAIT_MAX} and the script after it has ended. Confined to the
 * thread that executes scripts.
 */
final class AnswerBatch {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerBatch.class);
  private static final int SIZE_MAX = 64;
  private static final Duration WAIT_MAX = Duration.ofMillis(1);

  private final Map<Executor, List<Answer>> answers = new LinkedHashMap<>();
  private int size;
  private long sinceNanos;

  private record Answer(ScriptCall call, ScriptRunner.Outcome outcome) {
    /** One that fails must not keep the others from their callers. */
    void give() {
      try {
        outcome.answer(call);
      } catch (RuntimeException failure) {
        LOG.error("the answer of the script {} was not handled", call.script().name(), failure);
      }
    }
  }

  void add(ScriptCall call, ScriptRunner.Outcome outcome) {
    if (size == 0) {
      sinceNanos = System.nanoTime();
    }
    size++;
    answers
        .computeIfAbsent(call.answersOn(), _ -> new ArrayList<>())
        .add(new Answer(call, outcome));
  }

  void flushIfDue() {
    if (size >= SIZE_MAX || (size > 0 && System.nanoTime() - sinceNanos >= WAIT_MAX.toNanos())) {
      flush();
    }
  }

  void flush() {
    answers.forEach(AnswerBatch::flush);
    answers.clear();
    size = 0;
  }

  private static void flush(Executor place, List<Answer> all) {
    try {
      place.execute(() -> all.forEach(Answer::give));
    } catch (RejectedExecutionException ended) {
      LOG.debug("{} answers of scripts have nobody left to hear them", all.size(), ended);
    }
  }
}

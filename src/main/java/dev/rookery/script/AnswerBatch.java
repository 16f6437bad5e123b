package dev.rookery.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Answers of scripts that were executed one after the other. They are handed over together, because
 * to wake up an event loop takes longer than most scripts: after at most {@link #SIZE_MAX}, or when
 * the first has waited for {@link #WAIT_MAX} and the script after it has ended. Confined to the
 * thread that executes scripts.
 */
final class AnswerBatch {
  private static final int SIZE_MAX = 64;
  private static final Duration WAIT_MAX = Duration.ofMillis(1);

  private final Map<Executor, List<Answer>> answers = new LinkedHashMap<>();
  private int size;
  private long sinceNanos;

  private record Answer(ScriptCall call, ScriptRunner.Outcome outcome) {
    void give() {
      outcome.answer(call);
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
    answers.forEach((place, all) -> place.execute(() -> all.forEach(Answer::give)));
    answers.clear();
    size = 0;
  }
}

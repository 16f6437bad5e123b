package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AnswerBatchTest {
  private static final ScriptRunner.Outcome OUTCOME =
      new ScriptRunner.Outcome(new ScriptResult.Int(1), null);
  private static final Script SCRIPT = new Script("a", "b", new byte[] {1}, ScriptRole.GUEST);

  private final AnswerBatch batch = new AnswerBatch();
  private final List<String> answered = new ArrayList<>();

  private ScriptCall call(String name, Executor place) {
    return new ScriptCall(SCRIPT, List.of(), List.of()) {
      @Override
      void complete(@Nullable ScriptResult result, @Nullable ScriptException failure) {
        if (name.equals("failing")) {
          throw new IllegalStateException("the handler of an answer fails");
        }
        answered.add(name);
      }

      @Override
      Executor answersOn() {
        return place;
      }

      @Override
      void reject(Rejection reason) {
        throw new AssertionError(reason);
      }
    };
  }

  @Test
  void anAnswerThatIsNotHandledKeepsNoOtherBack() {
    Executor ended =
        _ -> {
          throw new RejectedExecutionException("the event loop has ended");
        };
    Executor place = Runnable::run;
    batch.add(call("of an event loop that has ended", ended), OUTCOME);
    batch.add(call("first", place), OUTCOME);
    batch.add(call("failing", place), OUTCOME);
    batch.add(call("second", place), OUTCOME);
    batch.flush();
    assertThat(answered).containsExactly("first", "second");

    batch.flush();
    assertThat(answered).hasSize(2);
  }
}

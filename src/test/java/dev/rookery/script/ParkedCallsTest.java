package dev.rookery.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.script.ScriptException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ParkedCallsTest {
  private static final Script SCRIPT =
      Script.of("any", "return 1".getBytes(StandardCharsets.UTF_8));

  private final ParkedCalls parked = new ParkedCalls();

  @Test
  void refusesFurtherCallsWhenTooManyBytesWait() {
    int half = (int) (CallQueue.BYTES_MAX / 2);
    var first = new Call(half);
    var second = new Call(half);
    var refused = new Call(1);
    List.of(first, second, refused).forEach(parked::add);
    assertThat(refused.kind()).isEqualTo(Kind.BUSY);
    assertThat(parked.takeAll()).containsExactly(first, second);
    assertThat(parked.size()).isZero();

    var later = new Call(1);
    parked.add(later);
    assertThat(parked.takeAll()).containsExactly(later);
    assertThat(later.kind()).isNull();
  }

  private static final class Call extends ScriptCall {
    private @Nullable ScriptException failure;

    Call(int bytes) {
      super(SCRIPT, List.of(), List.of(new byte[bytes]));
    }

    @Nullable Kind kind() {
      return failure == null ? null : failure.kind();
    }

    @Override
    void complete(@Nullable ScriptResult result, @Nullable ScriptException failed) {
      failure = failed;
    }

    @Override
    Executor answersOn() {
      return Runnable::run;
    }

    @Override
    void reject(Rejection reason) {
      throw new AssertionError(reason);
    }
  }
}

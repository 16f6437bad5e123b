package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.FatalErrors;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What counts as a fatal error. */
final class FatalErrorsTest {
  @Test
  void findsFatalErrorsBehindOthers() {
    var fatal = new OutOfMemoryError("direct memory");
    assertThat(FatalErrors.isFatal(fatal)).isTrue();
    assertThat(FatalErrors.isFatal(new ExecutionException(new RuntimeException(fatal)))).isTrue();
    assertThat(FatalErrors.isFatal(new InternalError("a fault"))).isTrue();
    assertThat(FatalErrors.isFatal(new StackOverflowError())).isFalse();
    assertThat(FatalErrors.isFatal(new AssertionError())).isFalse();
    assertThat(FatalErrors.isFatal(null)).isFalse();
  }
}

package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rookery.console.LogLevels.Change;
import dev.rookery.console.LogLine;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
final class TemporaryLogLevelsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @Test
  void restoresTheRootLoggerHoweverItWasNamed(Vertx vertx) {
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    var levels = new TemporaryLogLevels(vertx, CLOCK);
    long until = CLOCK.millis() + 600_000;
    levels.set(new Change("root", LogLine.Level.ERROR, until));
    levels.set(new Change("ROOT", LogLine.Level.WARN, until));
    assertThat(root.getLevel()).isEqualTo(Level.WARN);
    assertThat(levels.list()).containsExactly(new Change("ROOT", LogLine.Level.WARN, until));
    levels.close();
    assertThat(root.getLevel()).isEqualTo(before);
  }
}
